//! What browsers are told to refuse on our behalf.

use app_api::RequestInfo;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::AppState;

pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let nonce = request
        .extensions()
        .get::<RequestInfo>()
        .map(|info| info.nonce.to_string())
        .unwrap_or_default();
    let scanner = is_scanner(request.uri().path());
    let https = state.config.server.public_url.scheme() == "https";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let camera = if scanner {
        "camera=(self)"
    } else {
        "camera=()"
    };
    let features =
        format!("{camera}, microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()");
    put(headers, "permissions-policy", &features);
    put(
        headers,
        "referrer-policy",
        "strict-origin-when-cross-origin",
    );
    put(headers, "x-content-type-options", "nosniff");
    put(headers, "x-frame-options", "DENY");
    put(headers, "cross-origin-opener-policy", "same-origin");
    put(headers, "cross-origin-resource-policy", "same-origin");
    put(
        headers,
        "content-security-policy",
        &content_policy(&nonce, https),
    );
    if https {
        put(
            headers,
            "strict-transport-security",
            "max-age=63072000; includeSubDomains",
        );
    }
    let html = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if html && !headers.contains_key(header::CACHE_CONTROL) {
        // Pages name the person who is signed in and carry a nonce.
        put(headers, "cache-control", "private, no-cache");
    }
    response
}

fn is_scanner(path: &str) -> bool {
    path == "/scan" || path.starts_with("/scan/")
}

/// Sets a header unless the handler had a reason to set it itself.
fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers
            .entry(HeaderName::from_static(name))
            .or_insert(value);
    }
}

/// Scripts run only with the nonce of this answer, or loaded by one that has it.
fn content_policy(nonce: &str, https: bool) -> String {
    let upgrade = if https {
        "; upgrade-insecure-requests"
    } else {
        ""
    };
    format!(
        "default-src 'self'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
         manifest-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'{upgrade}"
    )
}
