//! `charge`.

use serde_json::{Value, json};

use crate::{
    fields::Fields,
    objects::{list, payment_method},
    state::letters,
};

/// A charge of an intent with a method, not yet told whether it went well.
pub fn new(now: i64, url: &str, intent: &Value, method: &Value, three_d_secure: bool) -> Value {
    let start = if method.text("type") == "card" {
        "ch_3"
    } else {
        "py_3"
    };
    let id = format!("{start}{}", letters(23));
    let amount = intent.int("amount");
    let destination = &intent["transfer_data"];
    let transfer_data = (!destination.is_null()).then(
        || json!({ "amount": destination["amount"], "destination": destination["destination"] }),
    );
    json!({
        "id": id, "object": "charge", "amount": amount, "amount_captured": 0, "amount_refunded": 0,
        "application": intent["application"], "application_fee": null,
        "application_fee_amount": intent["application_fee_amount"], "balance_transaction": null,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": "DOUBLE", "captured": false, "created": now,
        "currency": intent["currency"], "customer": intent["customer"],
        "description": intent["description"], "destination": destination["destination"],
        "dispute": null, "disputed": false, "failure_balance_transaction": null, "failure_code": null,
        "failure_message": null, "fraud_details": {}, "livemode": false,
        "metadata": intent["metadata"], "on_behalf_of": intent["on_behalf_of"], "order": null,
        "outcome": {
            "advice_code": null, "network_advice_code": null, "network_decline_code": null,
            "network_status": "approved_by_network", "reason": null,
            "seller_message": "Payment complete.", "type": "authorized",
        },
        "paid": false, "payment_intent": intent["id"], "payment_method": method["id"],
        "payment_method_details": payment_method::details(method, three_d_secure, amount),
        "receipt_email": intent["receipt_email"], "receipt_number": null,
        "receipt_url": format!("{url}/receipts/{id}"), "refunded": false,
        "refunds": list(&format!("/v1/charges/{id}/refunds"), Vec::new()), "review": null,
        "shipping": intent["shipping"], "source": null, "source_transfer": null,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"], "status": "pending",
        "transfer_data": transfer_data, "transfer_group": intent["transfer_group"],
    })
}

/// What a connected account receives by a transfer: a charge without a payment method.
pub fn received(now: i64, transfer: &Value, charge_of_origin: &Value) -> Value {
    let id = format!("py_1{}", letters(23));
    let amount = transfer.int("amount");
    json!({
        "id": id, "object": "charge", "amount": amount, "amount_captured": amount,
        "amount_refunded": 0, "application": null, "application_fee": null,
        "application_fee_amount": null, "balance_transaction": null,
        "billing_details": payment_method::no_billing(), "calculated_statement_descriptor": null,
        "captured": true, "created": now, "currency": transfer["currency"], "customer": null,
        "description": charge_of_origin["description"], "destination": null, "dispute": null,
        "disputed": false, "failure_balance_transaction": null, "failure_code": null,
        "failure_message": null, "fraud_details": {}, "livemode": false, "metadata": {},
        "on_behalf_of": null, "order": null, "outcome": null, "paid": true, "payment_intent": null,
        "payment_method": null, "payment_method_details": null, "receipt_email": null,
        "receipt_number": null, "receipt_url": null, "refunded": false,
        "refunds": list(&format!("/v1/charges/{id}/refunds"), Vec::new()), "review": null,
        "shipping": null, "source": null, "source_transfer": transfer["id"],
        "statement_descriptor": null, "statement_descriptor_suffix": null, "status": "succeeded",
        "transfer_data": null, "transfer_group": transfer["transfer_group"],
    })
}
