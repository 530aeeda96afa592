//! What the API for programs looks like, as programs read it: OpenAPI 3.1. The types are those on the wire, so that it cannot
//! say anything else than what is sent; docs/api/check-in.md tells people the rest.

use axum::{Json, http::header::CACHE_CONTROL, response::IntoResponse};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use super::scanner;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Bilten: check-in",
        version = "1",
        description = "What a scanner at a door asks the server. It decides by itself and without a network; see docs/api/check-in.md for how.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    paths(scanner::pair, scanner::event, scanner::roster, scanner::scans),
    modifiers(&Device),
)]
struct CheckIn;

/// The token a device got when it was paired.
struct Device;

impl Modify for Device {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("device", bearer);
    }
}

/// `GET /api/v1/openapi.json`
pub async fn document() -> impl IntoResponse {
    let kept = [(CACHE_CONTROL, "public, max-age=3600")];
    (kept, Json(CheckIn::openapi()))
}
