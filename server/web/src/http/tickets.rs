//! Tickets as a file.

use app_api::{ApiError, RequestInfo};
use axum::{
    Extension,
    extract::{Path, State},
    response::Response,
};
use services::orders;

use super::invoices::pdf_file;
use crate::{AppState, fault};

/// For the buyer, by the secret of their order.
pub async fn of_buyer(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(secret): Path<String>,
) -> Response {
    let printed = orders::print_tickets(&state.services, &secret, info.locale).await;
    match printed {
        Ok(Some(printed)) => pdf_file(&format!("tickets-{}", printed.order), printed.pdf),
        Ok(None) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(error.into()),
    }
}
