//! A fault in our code ends one request, not the process, and is seen as an error page with a number to quote.

use std::panic::AssertUnwindSafe;

use app_api::ApiError;
use axum::{extract::Request, http::StatusCode, middleware::Next, response::Response};
use futures::FutureExt;

use super::access_log::RequestId;
use crate::fault;

pub async fn layer(request: Request, next: Next) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| id.0.to_string())
        .unwrap_or_default();
    // The state behind the panic is dropped with the request; what is shared lives in the database or behind locks.
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!(request.id = %id, "a handler panicked");
            fault::answer(StatusCode::INTERNAL_SERVER_ERROR, ApiError::internal(id))
        }
    }
}
