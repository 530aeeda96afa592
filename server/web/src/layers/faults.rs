//! Turns refusals of layers and plain handlers into what the asker can read: a page for people, JSON for programs.

use app_api::{ApiError, ErrorKind, RequestInfo, preferences::Theme};
use axum::{
    extract::Request,
    http::{StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use locales::Locale;

use super::wants_html;
use crate::{AppState, fault};

/// Who is to understand what went wrong.
pub struct Asker {
    html: bool,
    locale: Locale,
    theme: Theme,
}

impl Asker {
    pub fn of(request: &Request) -> Self {
        let info = request.extensions().get::<RequestInfo>();
        Self {
            html: wants_html(request.headers()),
            locale: info.map(|info| info.locale).unwrap_or_default(),
            theme: info.map(|info| info.theme).unwrap_or_default(),
        }
    }

    pub fn explain(self, state: &AppState, mut response: Response) -> Response {
        let status = response.status();
        let error = response.extensions_mut().remove::<ApiError>();
        // The framework explains its refusals in plain English, which is nothing for people.
        let bare = match response.headers().get(CONTENT_TYPE) {
            None => true,
            Some(kind) => self.html && kind.as_bytes().starts_with(b"text/plain"),
        };
        let error = match error {
            Some(error) => error,
            None if (status.is_client_error() || status.is_server_error()) && bare => {
                from_status(status)
            }
            None => return response,
        };
        let body = if self.html {
            fault::page(&state.assets, self.locale, self.theme, status, &error)
        } else {
            fault::json(&error)
        };
        fault::with_body(response, &error, body)
    }
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
