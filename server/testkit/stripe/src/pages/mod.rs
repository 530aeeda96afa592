//! Hosted pages, for people and for browsers that are driven: plain forms, labels, no script; and what pages of
//! others load from here.

mod checkout;
mod element;
mod frame;
mod onboarding;
mod receipt;
mod three_d_secure;

use axum::{Router, routing::get};

use crate::{http::App, state::API_VERSION};

/// The addresses of all pages.
pub fn routes() -> Router<App> {
    let release = API_VERSION.rsplit('.').next().unwrap_or_default();
    Router::new()
        .route("/v3/", get(element::script))
        .route(&format!("/{release}/stripe.js"), get(element::script))
        .route("/elements/payment", get(element::show))
        .route("/elements/payment.js", get(element::frame_script))
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
