//! What stands around every handler, one concern per file. The order is in `routes`.

pub mod access_log;
pub mod compression;
pub mod csrf;
pub mod development;
pub mod faults;
pub mod headers;
pub mod limits;
pub mod pages;
pub mod panics;
pub mod request;
pub mod session;

use axum::http::{HeaderMap, header::ACCEPT};

/// Whether a person will see the answer as a page.
pub fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Addresses of server functions; `/api/v1` is the API for programs.
pub fn is_server_function(path: &str) -> bool {
    path.starts_with("/api/") && !path.starts_with("/api/v1/")
}
