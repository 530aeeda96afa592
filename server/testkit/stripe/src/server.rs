//! The listening server: addresses of the API, of the pages and of the controls.

use axum::Router;

use crate::{control, http, http::App, pages};

/// All addresses.
pub fn router(app: App) -> Router {
    Router::new()
        .merge(pages::routes())
        .merge(control::routes())
        .fallback(http::serve)
        .with_state(app)
}
