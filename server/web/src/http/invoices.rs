//! Invoices and credit notes as files.

use std::collections::HashMap;

use app_api::{ApiError, RequestInfo};
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    response::{IntoResponse, Response},
};
use domain::invoices::InvoiceNumber;
use services::{
    invoices::{self, Month, Printed},
    organizers,
    permit::{self, Permit, ViewOrders},
};

use super::downloads::{file_name, sheet, signed_in, taken};
use crate::{AppState, fault};

/// For the buyer, by the secret of their order.
pub async fn of_buyer(
    State(state): State<AppState>,
    Path((secret, file)): Path<(String, String)>,
) -> Response {
    buyers(&state, &secret, &file)
        .await
        .unwrap_or_else(fault::refuse)
}

/// For the organizer.
pub async fn of_organizer(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path((organization, file)): Path<(String, String)>,
) -> Response {
    organizers(&state, &info, &organization, &file)
        .await
        .unwrap_or_else(fault::refuse)
}

/// All of a month, as CSV, sent while it is read.
pub async fn month(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(organization): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let file = list(&state, &info, &organization, &query).await;
    taken(file, &format!("/organize/{organization}/invoices"))
}

async fn buyers(state: &AppState, secret: &str, file: &str) -> Result<Response, ApiError> {
    let printed = invoices::print_by_secret(&state.services, secret, &number(file)?).await?;
    Ok(pdf(printed.ok_or_else(ApiError::not_found)?))
}

async fn organizers(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    file: &str,
) -> Result<Response, ApiError> {
    let permit = permitted(state, info, organization).await?;
    let printed = invoices::print(&state.services, &permit, &number(file)?).await?;
    Ok(pdf(printed.ok_or_else(ApiError::not_found)?))
}

async fn list(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
    query: &HashMap<String, String>,
) -> Result<Response, ApiError> {
    let sv = &state.services;
    let permit = permitted(state, info, organization).await?;
    let month = query.get("month").and_then(|text| Month::parse(text));
    let month = month.ok_or_else(ApiError::not_found)?;
    permit::fresh(sv, signed_in(info)?)?;
    let name = file_name("invoices", &format!("{organization}-{}", month.code()));
    Ok(sheet(
        &name,
        invoices::export_month(sv, &permit, month, info.locale),
    ))
}

async fn permitted(
    state: &AppState,
    info: &RequestInfo,
    organization: &str,
) -> Result<Permit<ViewOrders>, ApiError> {
    let sv = &state.services;
    let session = signed_in(info)?;
    let member = organizers::by_slug(sv, session, organization).await?;
    Ok(permit::for_organization(sv, session, member.organization).await?)
}

/// The number before ".pdf".
pub(super) fn number(file: &str) -> Result<InvoiceNumber, ApiError> {
    file.strip_suffix(".pdf")
        .and_then(|number| number.parse().ok())
        .ok_or_else(ApiError::not_found)
}

pub(super) fn pdf(printed: Printed) -> Response {
    pdf_file(&printed.number, printed.pdf)
}

/// To be looked at, and kept under a name of letters, digits and hyphens.
pub(super) fn pdf_file(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}.pdf\""),
        ),
        (CACHE_CONTROL, "no-store".to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}
