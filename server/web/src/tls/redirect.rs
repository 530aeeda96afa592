//! Where those who come without TLS are sent.

use axum::{Router, http::Uri, response::Redirect};

/// The same page at `origin`, with the same method (308). The name they asked for is not looked at: it could be anybody's.
pub fn to(origin: String) -> Router {
    Router::new().fallback(async move |uri: Uri| {
        let page = uri.path_and_query().map(|page| page.as_str());
        // `OPTIONS *` has no page.
        let page = page.filter(|page| page.starts_with('/')).unwrap_or("/");
        Redirect::permanent(&format!("{origin}{page}"))
    })
}
