//! New objects with every field that Stripe's have.
//!
//! The fields are those of Stripe's published OpenAPI fixtures; `tests/keys.json` holds their names, and a
//! test compares each answer with them.

pub mod account;
pub mod charge;
pub mod checkout_session;
pub mod dispute;
pub mod payment_intent;
pub mod payment_method;
pub mod refund;

use serde_json::{Value, json};

/// A list as it stands inside of another object.
pub fn list(url: &str, data: Vec<Value>) -> Value {
    let count = data.len();
    json!({ "object": "list", "data": data, "has_more": false, "total_count": count, "url": url })
}

/// An address of which nothing is known.
pub fn no_address() -> Value {
    json!({
        "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null,
    })
}
