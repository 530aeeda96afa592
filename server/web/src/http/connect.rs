//! Where organizers come back to from the payment provider's page, perhaps before its message does.

use app_api::{ApiError, RequestInfo};
use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use services::{
    connect, organizers,
    permit::{self, Permit, ViewFinances},
};

use super::downloads::signed_in;
use crate::{AppState, fault};

/// Looks how the account stands now, and leads to the money page.
pub async fn back(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
) -> Response {
    look(&state, &info, &organization)
        .await
        .unwrap_or_else(fault::refuse)
}

async fn look(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
) -> Result<Response, ApiError> {
    let (sv, session) = (&state.services, signed_in(info)?);
    let member = organizers::by_slug(sv, session, organization).await?;
    let may: Permit<ViewFinances> =
        permit::for_organization(sv, session, member.organization).await?;
    connect::come_back(sv, &may).await?;
    Ok(Redirect::to(&format!("/organize/{organization}/money")).into_response())
}
