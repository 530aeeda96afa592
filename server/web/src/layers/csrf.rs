//! Refuses every request that changes something and was not started by one of our own pages.
//!
//! Browsers say where a request comes from in `Origin` and `Sec-Fetch-Site`, and pages cannot forge either. Requests
//! without cookies to the API for programs are exempt: nothing that a browser adds by itself gives them rights. Messages of
//! others are exempt too: they have rights by their signature alone.

use app_api::{ApiError, ErrorKind};
use axum::{
    extract::Request,
    http::{
        HeaderMap, Method, StatusCode,
        header::{COOKIE, HOST, ORIGIN},
    },
    response::Response,
};

use crate::{AppState, fault, http::webhooks::is_webhook};

pub fn check(state: &AppState, request: &Request) -> Result<(), Box<Response>> {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    let for_programs =
        request.uri().path().starts_with("/api/v1/") && !request.headers().contains_key(COOKIE);
    if safe
        || for_programs
        || is_webhook(request.uri().path())
        || from_our_pages(request.headers(), state)
    {
        return Ok(());
    }
    tracing::info!(target: "security", "a form of another site was refused");
    Err(Box::new(fault::answer(
        StatusCode::FORBIDDEN,
        ApiError::new(ErrorKind::Forbidden, "csrf"),
    )))
}

fn from_our_pages(headers: &HeaderMap, state: &AppState) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let fetch_site = headers
        .get("sec-fetch-site")
        .map(|value| value.to_str().unwrap_or("?"));
    let host = if state.config.is_production() {
        None
    } else {
        text(HOST)
    };
    let origin_is_ours = |origin: &str| {
        origin == state.origin()
            || host.is_some_and(|host| origin.strip_prefix("http://") == Some(host))
    };
    match (text(ORIGIN), fetch_site) {
        (Some(origin), None | Some("same-origin")) => origin_is_ours(origin),
        (None, Some("same-origin")) => true,
        _ => false,
    }
}
