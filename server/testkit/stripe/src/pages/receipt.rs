//! The receipt of a charge.

use axum::{
    extract::{Path, State as Shared},
    http::StatusCode,
    response::Response,
};

use super::frame::{missing, page, text};
use crate::{fields::Fields, http::App, money::shown};

/// Shows the receipt.
pub async fn show(Shared(app): Shared<App>, Path(id): Path<String>) -> Response {
    let charge = app.lock().load(&id);
    if charge.text("object") != "charge" {
        return missing();
    }
    let currency = charge.text("currency");
    let body = format!(
        "<p>{}</p><p>Paid: {}</p><p>Refunded: {}</p>",
        text(charge.text("description")),
        text(&shown(charge.int("amount_captured"), currency)),
        text(&shown(charge.int("amount_refunded"), currency))
    );
    page(StatusCode::OK, "Receipt", &body)
}
