//! The platform's invoices to organizations as files.

use std::collections::HashMap;

use app_api::{ApiError, RequestInfo};
use axum::{
    Extension,
    extract::{Path, Query, State},
    response::Response,
};
use services::{
    invoices::{Month, platform},
    organizers,
    permit::{self, Permit, ViewFinances},
};

use super::{
    downloads::{sheet, signed_in, taken},
    invoices::{number, pdf},
};
use crate::{AppState, fault};

/// For the organization that was billed.
pub async fn of_organizer(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path((organization, file)): Path<(String, String)>,
) -> Response {
    organizers(&state, &info, &organization, &file)
        .await
        .unwrap_or_else(fault::refuse)
}

/// For a platform admin.
pub async fn of_platform(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(file): Path<String>,
) -> Response {
    platforms(&state, &info, &file)
        .await
        .unwrap_or_else(fault::refuse)
}

/// All of a month, or all there are, as CSV, sent while it is read.
pub async fn month(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    taken(list(&state, &info, &query), "/admin/finance/invoices")
}

async fn organizers(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    file: &str,
) -> Result<Response, ApiError> {
    let (sv, session) = (&state.services, signed_in(info)?);
    let member = organizers::by_slug(sv, session, organization).await?;
    let permit: Permit<ViewFinances> =
        permit::for_organization(sv, session, member.organization).await?;
    let printed = platform::print_for_organization(sv, &permit, &number(file)?).await?;
    Ok(pdf(printed.ok_or_else(ApiError::not_found)?))
}

async fn platforms(state: &AppState, info: &RequestInfo, file: &str) -> Result<Response, ApiError> {
    let permit = permit::platform(signed_in(info)?)?;
    let printed = platform::print(&state.services, &permit, &number(file)?).await?;
    Ok(pdf(printed.ok_or_else(ApiError::not_found)?))
}

fn list(
    state: &AppState,
    info: &RequestInfo,
    query: &HashMap<String, String>,
) -> Result<Response, ApiError> {
    let (sv, session) = (&state.services, signed_in(info)?);
    let permit = permit::platform(session)?;
    let month = query.get("month").and_then(|text| Month::parse(text));
    permit::fresh(sv, session)?;
    let name = month.map_or_else(|| "all".to_owned(), Month::code);
    Ok(sheet(
        &format!("invoices-{name}.csv"),
        platform::export(sv, &permit, month, info.locale),
    ))
}
