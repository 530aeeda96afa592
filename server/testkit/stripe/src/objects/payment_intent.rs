//! `payment_intent`.

use serde_json::{Value, json};

use crate::state::letters;

/// An intent that waits for a payment method.
pub fn new(now: i64, amount: i64, currency: &str) -> Value {
    let id = format!("pi_3{}", letters(23));
    json!({
        "id": id, "object": "payment_intent", "allowed_payment_method_types": null, "amount": amount, "amount_capturable": 0,
        "amount_details": { "tip": {} }, "amount_received": 0, "application": null,
        "application_fee_amount": null, "automatic_payment_methods": null, "canceled_at": null,
        "cancellation_reason": null, "capture_method": "automatic_async",
        "client_secret": format!("{id}_secret_{}", letters(25)), "confirmation_method": "automatic",
        "created": now, "currency": currency, "customer": null, "customer_account": null,
        "description": null, "excluded_payment_method_types": null, "last_payment_error": null,
        "latest_charge": null, "livemode": false, "managed_payments": { "enabled": false },
        "metadata": {}, "next_action": null, "on_behalf_of": null, "payment_method": null,
        "payment_method_configuration_details": null, "payment_method_options": {},
        "payment_method_types": ["card"], "processing": null, "receipt_email": null, "review": null,
        "setup_future_usage": null, "shipping": null, "source": null, "statement_descriptor": null,
        "statement_descriptor_suffix": null, "status": "requires_payment_method",
        "transfer_data": null, "transfer_group": null,
    })
}
