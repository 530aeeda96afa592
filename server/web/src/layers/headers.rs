//! What browsers are told to refuse on our behalf.

use std::sync::Arc;

use app_api::RequestInfo;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::{in_page, pages};
use crate::AppState;

/// What the headers depend on.
pub struct Guard {
    nonce: Option<Arc<str>>,
    scanner: bool,
    /// The page on which orders are paid.
    pays: bool,
    for_everybody: bool,
}

impl Guard {
    pub fn of(request: &Request) -> Self {
        let info = request.extensions().get::<RequestInfo>();
        Self {
            nonce: info.map(|info| Arc::clone(&info.nonce)),
            scanner: is_scanner(request.uri().path()),
            pays: in_page::is_paid_on(request.uri().path()),
            for_everybody: pages::is_for_everybody(request),
        }
    }

    pub fn put(self, state: &AppState, response: &mut Response) {
        // With fields of the payment provider in it, this one page has rules of its own.
        if self.pays && state.config.payment.in_page() {
            let nonce = self.nonce.as_deref().unwrap_or_default();
            in_page::put(&state.config, nonce, response.headers_mut());
        }
        let https = fixed(state, response);
        let headers = response.headers_mut();
        let features = if self.scanner {
            "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
        } else {
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
        };
        put(headers, "permissions-policy", features);
        // All else is somebody's own, or its address is a secret: it is not to be found later in the memory of a browser that
        // others use. What anybody may keep, its handler says.
        let kept = if self.for_everybody {
            "private, no-cache"
        } else {
            "no-store"
        };
        put(headers, "cache-control", kept);
        if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            let mut policy = content_policy(self.nonce.as_deref().unwrap_or_default(), https);
            // Only pages bring the script that decides; a worker would be left without one.
            if is_page(headers) {
                policy.push_str(
                    "; require-trusted-types-for 'script'; trusted-types default tickets",
                );
            }
            if let Ok(policy) = HeaderValue::from_str(&policy) {
                headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    }
}

/// Around routes that none of the layers goes around: they answer with data only.
pub async fn bare(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    fixed(&state, &mut response);
    let nothing = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";
    put(response.headers_mut(), "content-security-policy", nothing);
    response
}

/// What is the same for every answer. Whether people reach us by https.
fn fixed(state: &AppState, response: &mut Response) -> bool {
    let headers = response.headers_mut();
    for (name, value) in [
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        put(headers, name, value);
    }
    let https = state.config.server.public_url.scheme() == "https";
    if https {
        let years = "max-age=63072000; includeSubDomains";
        put(headers, "strict-transport-security", years);
    }
    name_charset(headers);
    https
}

/// All text of ours is UTF-8; browsers that are not told so may guess.
fn name_charset(headers: &mut HeaderMap) {
    let named = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .filter(|kind| {
            let text =
                kind.starts_with("text/") || kind.ends_with("/xml") || kind.ends_with("+xml");
            text && !kind.contains("charset")
        })
        .and_then(|kind| HeaderValue::from_str(&format!("{kind}; charset=utf-8")).ok());
    if let Some(kind) = named {
        headers.insert(header::CONTENT_TYPE, kind);
    }
}

fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn is_scanner(path: &str) -> bool {
    path == "/scan" || path.starts_with("/scan/")
}

/// Sets a header unless the handler had a reason to set it itself.
fn put(headers: &mut HeaderMap, name: &'static str, value: &'static str) {
    headers
        .entry(HeaderName::from_static(name))
        .or_insert(HeaderValue::from_static(value));
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
