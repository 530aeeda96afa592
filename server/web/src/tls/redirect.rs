//! Where those who come without TLS are sent.

use axum::{
    Router,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect},
};

/// The same page at `origin`, with the same method (308). The name they asked for is not looked at: it could be anybody's.
/// Programs are refused: what they sent was to be read on the way, and they would go on sending it so without a word.
pub fn to(origin: String) -> Router {
    Router::new().fallback(async move |uri: Uri| {
        let page = uri.path_and_query().map(|page| page.as_str());
        // `OPTIONS *` has no page.
        let page = page.filter(|page| page.starts_with('/')).unwrap_or("/");
        if page.starts_with("/api/") || page.starts_with("/webhooks/") {
            return (StatusCode::FORBIDDEN, "Only https.\n").into_response();
        }
        Redirect::permanent(&format!("{origin}{page}")).into_response()
    })
}
