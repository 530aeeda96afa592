//! A stand-in for Stripe's script, and the frame with the fields that it puts into pages of others.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::frame::page;

/// What pages of others load.
pub async fn script() -> Response {
    javascript(include_str!("stripe.js"))
}

/// What the frame loads.
pub async fn frame_script() -> Response {
    javascript(include_str!("element.js"))
}

/// The frame. What it is about, the page around it says by a message: no secret stands in its address.
pub async fn show() -> Response {
    page(StatusCode::OK, "Payment", include_str!("element.html"))
}

fn javascript(text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, text).into_response()
}
