//! Turns refusals of layers and plain handlers into what the asker can read: a page for people, JSON for programs.

use app_api::{ApiError, ErrorKind, RequestInfo};
use axum::{
    extract::{Request, State},
    http::{StatusCode, header::CONTENT_TYPE},
    middleware::Next,
    response::Response,
};

use super::wants_html;
use crate::{AppState, fault};

pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let html = wants_html(request.headers());
    let info = request.extensions().get::<RequestInfo>().cloned();
    let mut response = next.run(request).await;
    let status = response.status();
    let error = response.extensions_mut().remove::<ApiError>();
    // The framework explains its refusals in plain English, which is nothing for people.
    let bare = match response.headers().get(CONTENT_TYPE) {
        None => true,
        Some(kind) => html && kind.as_bytes().starts_with(b"text/plain"),
    };
    let error = match error {
        Some(error) => error,
        None if (status.is_client_error() || status.is_server_error()) && bare => {
            from_status(status)
        }
        None => return response,
    };
    let locale = info.as_ref().map(|info| info.locale).unwrap_or_default();
    let theme = info.as_ref().map(|info| info.theme).unwrap_or_default();
    let body = if html {
        fault::page(&state.assets, locale, theme, status, &error)
    } else {
        fault::json(&error)
    };
    fault::with_body(response, &error, body)
}

/// What a handler of the framework meant that gave a status and nothing else.
fn from_status(status: StatusCode) -> ApiError {
    match status {
        StatusCode::NOT_FOUND => ApiError::not_found(),
        StatusCode::UNAUTHORIZED => ApiError::unauthenticated(),
        StatusCode::FORBIDDEN => ApiError::forbidden(),
        StatusCode::GONE => ApiError::gone("gone"),
        StatusCode::CONFLICT => ApiError::conflict("conflict"),
        StatusCode::TOO_MANY_REQUESTS => ApiError::too_many(30),
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(ErrorKind::Invalid, "payload_too_large"),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => ApiError::busy(2),
        status if status.is_server_error() => ApiError::new(ErrorKind::Internal, "internal"),
        _ => ApiError::new(ErrorKind::Invalid, "bad_request"),
    }
}
