//! Pictures an organizer sends, as a plain form: no script is needed, and a refusal comes back as the code of a fault.

use app_api::{ApiError, RequestInfo};
use axum::{
    Extension,
    extract::{Multipart, Path, State},
    response::{IntoResponse, Redirect, Response},
};
use domain::text::Fault;
use services::{
    events,
    files::{self, StorePictureError},
    permit::{self, EditPages, Permit},
};

use crate::{AppState, fault};

/// Takes the picture of an event and goes back to the page it was sent from.
pub async fn event_picture(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(event): Path<String>,
    form: Multipart,
) -> Response {
    match take(&state, &info, &event, form).await {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => fault::refuse(error),
    }
}

async fn take(
    state: &AppState,
    info: &RequestInfo,
    slug: &str,
    form: Multipart,
) -> Result<String, ApiError> {
    let sv = &state.services;
    let session = info
        .session
        .as_ref()
        .ok_or_else(ApiError::unauthenticated)?;
    let event = events::id_by_slug(sv, slug).await?;
    let permit: Permit<EditPages> = permit::for_event(sv, session, event).await?;
    let organization = events::show(sv, &permit, event).await?.organization_slug;
    let page = format!("/organize/{organization}/events/{slug}/edit/picture");
    let bytes = match picture(form).await {
        Ok(bytes) => bytes,
        Err(fault) => return Ok(format!("{page}?fault={}", fault.code())),
    };
    match files::store_picture(sv, &permit, bytes).await {
        Ok(file) => {
            events::set_picture(sv, &permit, event, Some(file)).await?;
            Ok(page)
        }
        Err(StorePictureError::TooMany(many)) => Err(ApiError::too_many(many.retry_after)),
        Err(StorePictureError::Unexpected(error)) => Err(error.into()),
        Err(error) => {
            let code = error.fault().map_or("other", |fault| fault.code());
            Ok(format!("{page}?fault={code}"))
        }
    }
}

/// The bytes of the field `picture`. What the sender calls the file counts for nothing.
async fn picture(mut form: Multipart) -> Result<Vec<u8>, Fault> {
    while let Some(field) = form.next_field().await.map_err(|_| Fault::NotAnImage)? {
        if field.name() == Some("picture") {
            let bytes = field
                .bytes()
                .await
                .map_err(|_| Fault::FileTooLarge { max_mb: 10 })?;
            return if bytes.is_empty() {
                Err(Fault::Required)
            } else {
                Ok(bytes.to_vec())
            };
        }
    }
    Err(Fault::Required)
}
