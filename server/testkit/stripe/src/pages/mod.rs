//! Hosted pages, for people and for browsers that are driven: plain forms, labels, no script.

mod checkout;
mod frame;
mod onboarding;
mod receipt;
mod three_d_secure;

use axum::{Router, routing::get};

use crate::http::App;

/// The addresses of all pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/c/pay/{id}", get(checkout::show).post(checkout::pay))
        .route(
            "/c/3ds/{id}",
            get(three_d_secure::show).post(three_d_secure::answer),
        )
        .route(
            "/setup/e/{account}/{link}",
            get(onboarding::show).post(onboarding::answer),
        )
        .route("/express/{account}/{link}", get(onboarding::dashboard))
        .route("/receipts/{id}", get(receipt::show))
}
