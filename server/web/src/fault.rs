//! Refusals outside the application: as a page for people, as JSON for programs.

use app::shell::{Assets, plain_document};
use app_api::{ApiError, ErrorKind, preferences::Theme};
use axum::{
    body::Body,
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use locales::{Locale, shell as texts};

/// An answer without a body yet; the faults layer writes it as the asker can read it.
pub fn answer(status: StatusCode, error: ApiError) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(error);
    response
}

/// An answer whose status follows from the error.
pub fn refuse(error: ApiError) -> Response {
    answer(
        StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
        error,
    )
}

/// What a body is and its media type.
pub type Written = (&'static str, String);

pub fn json(error: &ApiError) -> Written {
    ("application/json", error.to_string())
}

pub fn page(
    assets: &Assets,
    l: Locale,
    theme: Theme,
    status: StatusCode,
    error: &ApiError,
) -> Written {
    let title = title(l, error);
    let number = status.as_u16().to_string();
    let text = error.text(l);
    let incident = error
        .incident
        .clone()
        .filter(|id| !id.is_empty())
        .map(|id| texts::incident(l, id));
    let html = Owner::new().with(|| {
        let fault = view! {
            <div class="container-normal fault">
                <p class="fault-number" aria-hidden="true">{number}</p>
                <h1>{title}</h1>
                <p>{text}</p>
                {incident.map(|incident| view! { <p class="fault-incident">{incident}</p> })}
                <p class="fault-actions">
                    <a class="btn btn-primary" href="/">{texts::home(l)}</a>
                </p>
            </div>
        };
        plain_document(assets, l, theme, title, fault.into_any()).to_html()
    });
    ("text/html; charset=utf-8", html)
}

/// The same answer with its body, its media type and when to come back.
pub fn with_body(response: Response, error: &ApiError, (kind, body): Written) -> Response {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Some(seconds) = error.retry_after {
        parts
            .headers
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Response::from_parts(parts, Body::from(body))
}

fn title(l: Locale, error: &ApiError) -> &'static str {
    match error.code.as_str() {
        "csrf" => return texts::csrf_title(l),
        "payload_too_large" => return texts::too_large_title(l),
        _ => {}
    }
    match error.kind {
        ErrorKind::NotFound => texts::not_found_title(l),
        ErrorKind::Unauthenticated => texts::unauthenticated_title(l),
        ErrorKind::Forbidden => texts::forbidden_title(l),
        ErrorKind::Invalid => texts::invalid_title(l),
        ErrorKind::Conflict => texts::conflict_title(l),
        ErrorKind::Gone => texts::gone_title(l),
        ErrorKind::TooMany => texts::too_many_title(l),
        ErrorKind::Busy => texts::busy_title(l),
        ErrorKind::Internal => texts::internal_title(l),
    }
}
