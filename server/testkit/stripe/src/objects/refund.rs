//! `refund`.

use serde_json::{Value, json};

use crate::{fields::Fields, state::letters};

/// A refund of a charge that goes well at once.
pub fn new(now: i64, charge: &Value, amount: i64) -> Value {
    let card = charge["payment_method_details"].text("type") == "card";
    let start = if card { "re_3" } else { "pyr_1" };
    let destination = if card {
        json!({
            "type": "card",
            "card": { "type": "refund", "reference_status": "pending", "reference_type": "acquirer_reference_number" },
        })
    } else {
        json!({ "type": "sepa_debit", "sepa_debit": {} })
    };
    json!({
        "id": format!("{start}{}", letters(23)), "object": "refund", "amount": amount,
        "balance_transaction": null, "charge": charge["id"], "created": now,
        "currency": charge["currency"], "customer": charge["customer"], "customer_account": null,
        "destination_details": destination, "metadata": {},
        "payment_intent": charge["payment_intent"], "payment_method": charge["payment_method"],
        "reason": null, "receipt_number": null, "source_transfer_reversal": null,
        "status": "succeeded", "transfer_reversal": null,
    })
}
