//! A bank debit is settled days after it was ordered.

use serde_json::{Value, json};

use crate::{
    error::Failure,
    fields::Fields,
    flow::{pay, session, settle, wrong_state},
    state::State,
};

/// Lets the debit of an intent be paid, or fail.
pub fn settle(state: &mut State, id: &str, paid: bool) -> Result<Value, Failure> {
    let intent = state.load(id);
    if intent.text("status") != "processing" {
        return Err(wrong_state(&intent, "settled", "processing"));
    }
    let mut charge = state.load(intent.text("latest_charge"));
    if paid {
        charge.set("status", "succeeded");
        charge.set("paid", true);
        charge.set("captured", true);
        charge.set("amount_captured", charge.int("amount"));
        return Ok(settle::succeed(state, &intent, &charge));
    }
    let message = "The customer's bank account could not be debited.";
    charge.set("status", "failed");
    charge.set("failure_code", "generic_could_not_process");
    charge.set("failure_message", message);
    charge.set(
        "outcome",
        json!({
            "advice_code": null, "network_advice_code": null, "network_decline_code": null,
            "network_status": "declined_by_network", "reason": "generic_decline",
            "seller_message": message, "type": "issuer_declined",
        }),
    );
    state.save(&charge);
    let failure = Failure::card("payment_intent_payment_attempt_failed", message);
    pay::refuse(state, id, Some(charge), failure);
    let intent = state.load(id);
    session::debit_failed(state, &intent);
    Ok(intent)
}
