//! What browsers are told to refuse on our behalf.

use std::sync::Arc;

use app_api::RequestInfo;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};

use super::pages;
use crate::AppState;

/// What the headers depend on.
pub struct Guard {
    nonce: Option<Arc<str>>,
    scanner: bool,
    for_everybody: bool,
}

impl Guard {
    pub fn of(request: &Request) -> Self {
        let info = request.extensions().get::<RequestInfo>();
        Self {
            nonce: info.map(|info| Arc::clone(&info.nonce)),
            scanner: is_scanner(request.uri().path()),
            for_everybody: pages::is_for_everybody(request),
        }
    }

    pub fn put(self, state: &AppState, response: &mut Response) {
        let https = state.config.server.public_url.scheme() == "https";
        let headers = response.headers_mut();
        let features = if self.scanner {
            "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
        } else {
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"
        };
        for (name, value) in [
            ("permissions-policy", features),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            put(headers, name, value);
        }
        if https {
            let years = "max-age=63072000; includeSubDomains";
            put(headers, "strict-transport-security", years);
        }
        // All else is somebody's own, or its address is a secret: it is not to be found later in the memory of a browser that
        // others use. What anybody may keep, its handler says.
        let kept = if self.for_everybody {
            "private, no-cache"
        } else {
            "no-store"
        };
        put(headers, "cache-control", kept);
        if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            let policy = content_policy(self.nonce.as_deref().unwrap_or_default(), https);
            if let Ok(policy) = HeaderValue::from_str(&policy) {
                headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            }
        }
    }
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
