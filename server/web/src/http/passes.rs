//! Tickets for the wallets of phones, guarded as their pages are: by the secret in the address. Where a wallet is not set up
//! there is nothing here.

use app_api::{ApiError, RequestInfo};
use axum::{
    Extension,
    extract::{Path, State},
    http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    response::{IntoResponse, Redirect, Response},
};
use services::passes::{Holder, apple_pass, google_link};

use crate::{AppState, fault};

/// `GET /orders/{order}/tickets/{ticket}/ticket.pkpass`
pub async fn apple_of_buyer(
    State(state): State<AppState>,
    Path((secret, ticket)): Path<(String, String)>,
) -> Response {
    match ticket.parse() {
        Ok(ticket) => apple(&state, Holder::Buyer(&secret, ticket)).await,
        Err(_) => fault::refuse(ApiError::not_found()),
    }
}

/// `GET /tickets/{ticket}/ticket.pkpass`
pub async fn apple_of_holder(
    State(state): State<AppState>,
    Path(secret): Path<String>,
) -> Response {
    apple(&state, Holder::Recipient(&secret)).await
}

/// `GET /orders/{order}/tickets/{ticket}/google-wallet`
pub async fn google_of_buyer(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path((secret, ticket)): Path<(String, String)>,
) -> Response {
    match ticket.parse() {
        Ok(ticket) => google(&state, &info, Holder::Buyer(&secret, ticket)).await,
        Err(_) => fault::refuse(ApiError::not_found()),
    }
}

/// `GET /tickets/{ticket}/google-wallet`
pub async fn google_of_holder(
    State(state): State<AppState>,
    Extension(info): Extension<RequestInfo>,
    Path(secret): Path<String>,
) -> Response {
    google(&state, &info, Holder::Recipient(&secret)).await
}

async fn apple(state: &AppState, holder: Holder<'_>) -> Response {
    match apple_pass(&state.services, holder).await {
        Ok(Some(pass)) => {
            let headers = [
                (CONTENT_TYPE, "application/vnd.apple.pkpass"),
                (
                    CONTENT_DISPOSITION,
                    "attachment; filename=\"ticket.pkpass\"",
                ),
                (CACHE_CONTROL, "no-store"),
                (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, pass.bytes).into_response()
        }
        Ok(None) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(error.into()),
    }
}

/// The signed link is made when it is wanted, so that it stands in no page.
async fn google(state: &AppState, info: &RequestInfo, holder: Holder<'_>) -> Response {
    match google_link(&state.services, holder, info.locale).await {
        Ok(Some(link)) => Redirect::to(&link).into_response(),
        Ok(None) => fault::refuse(ApiError::not_found()),
        Err(error) => fault::refuse(error.into()),
    }
}
