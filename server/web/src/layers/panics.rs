//! A fault in our code ends one request, not the process, and is seen as an error page with a number to quote.

use std::panic::AssertUnwindSafe;

use app_api::ApiError;
use axum::{http::StatusCode, response::Response};
use futures::FutureExt;

use super::access_log::RequestId;
use crate::fault;

/// The request's number is the one to quote.
pub async fn caught(id: Option<RequestId>, handled: impl Future<Output = Response>) -> Response {
    // The state behind the panic is dropped with the request; what is shared lives in the database or behind locks.
    let handled = AssertUnwindSafe(handled).catch_unwind().await;
    handled.unwrap_or_else(|_| {
        let id = id.map(|id| id.0.to_string()).unwrap_or_default();
        tracing::error!(request.id = %id, "a handler panicked");
        fault::answer(StatusCode::INTERNAL_SERVER_ERROR, ApiError::internal(id))
    })
}
