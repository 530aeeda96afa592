//! Statements of the bank, as a plain form: no script is needed. And the list of refunds that the bank has to send.

use app_api::{ApiError, RequestInfo};
use axum::{
    Extension,
    extract::{Multipart, State},
    response::{IntoResponse, Redirect, Response},
};
use services::{
    permit,
    transfers::{self, ReadError, UploadError},
};

use super::downloads::{sheet, signed_in, taken};
use crate::{AppState, fault};

const HOME: &str = "/admin/finance/transfers";

/// Takes a file and goes to what stands in it, or back with the reason why it is not taken.
pub async fn upload(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    form: Multipart,
) -> Response {
    match take(&state, &info, form).await {
        Ok(page) => Redirect::to(&page).into_response(),
        Err(error) => fault::refuse(error),
    }
}

async fn take(state: &AppState, info: &RequestInfo, form: Multipart) -> Result<String, ApiError> {
    let sv = &state.services;
    let permit = permit::platform(signed_in(info)?)?;
    let uploaded = match statement(form).await {
        Ok(bytes) => transfers::upload(sv, &permit, bytes).await,
        Err(e) => Err(e.into()),
    };
    match uploaded {
        Ok(uploaded) => {
            let again = if uploaded.again { "?done=again" } else { "" };
            Ok(format!("{HOME}/files/{}{again}", uploaded.file))
        }
        Err(UploadError::Unexpected(error)) => Err(error.into()),
        Err(error) => Ok(format!("{HOME}?fault={}", error.code())),
    }
}

/// The bytes of the field `statement`. What the sender calls the file counts for nothing.
async fn statement(mut form: Multipart) -> Result<Vec<u8>, ReadError> {
    while let Some(field) = form.next_field().await.map_err(|_| ReadError::Empty)? {
        if field.name() == Some("statement") {
            let bytes = field.bytes().await.map_err(|_| ReadError::TooLarge)?;
            return Ok(bytes.to_vec());
        }
    }
    Err(ReadError::Empty)
}

/// Refunds that wait for the bank, as CSV.
pub async fn refunds(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
) -> Response {
    taken(
        refunds_file(&state, &info).await,
        &format!("{HOME}/refunds"),
    )
}

async fn refunds_file(state: &AppState, info: &RequestInfo) -> Result<Response, ApiError> {
    let (sv, session) = (&state.services, signed_in(info)?);
    let permit = permit::platform(session)?;
    permit::fresh(sv, session)?;
    let rows = transfers::refunds(sv, &permit).await?;
    let bytes = transfers::refunds_sheet(&rows)?;
    let pieces = futures::stream::iter([Ok::<_, services::Unexpected>(bytes)]);
    Ok(sheet("refunds.csv", pieces))
}
