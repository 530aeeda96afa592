//! Files of the build and of `public/`. Built files carry a hash of their content in their names and may be kept for
//! ever; the others are asked for again after a while.

use std::path::Path;

use axum::{
    Router,
    http::{HeaderValue, Response, StatusCode, header::CACHE_CONTROL},
};
use tower::ServiceBuilder;
use tower_http::services::{ServeDir, ServeFile};

use crate::AppState;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// `/pkg/…` and every other file of the site's folder under its own address. Addresses without a file stay free for
/// pages.
pub fn router(state: &AppState) -> Router<AppState> {
    let site = state.site.as_path();
    let built = ServiceBuilder::new()
        .map_response(|found| keep(found, FOR_EVER))
        .service(
            ServeDir::new(site.join("pkg"))
                .precompressed_br()
                .precompressed_gzip(),
        );
    let mut router = Router::new().nest_service("/pkg", built);
    for name in names(site, "") {
        let how = if name.starts_with("/fonts/") {
            FOR_EVER
        } else {
            AN_HOUR
        };
        let file = ServeFile::new(site.join(name.trim_start_matches('/')))
            .precompressed_br()
            .precompressed_gzip();
        router = router.route_service(
            &name,
            ServiceBuilder::new()
                .map_response(move |found| keep(found, how.clone()))
                .service(file),
        );
    }
    router
}

/// Only what was found may be kept.
fn keep<B>(mut found: Response<B>, how: HeaderValue) -> Response<B> {
    if found.status().is_success() || found.status() == StatusCode::NOT_MODIFIED {
        found.headers_mut().insert(CACHE_CONTROL, how);
    }
    found
}

/// Addresses of all files below `folder` except built ones and compressed copies.
fn names(site: &Path, folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(site.join(folder.trim_start_matches('/'))) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let Some(name) = entry
            .file_name()
            .to_str()
            .map(|name| format!("{folder}/{name}"))
        else {
            continue;
        };
        let copy = [".br", ".gz"].iter().any(|end| name.ends_with(end));
        if copy || name == "/pkg" || name.contains(['{', '}', '*']) {
            continue;
        }
        if entry.path().is_dir() {
            found.extend(names(site, &name));
        } else {
            found.push(name);
        }
    }
    found
}
