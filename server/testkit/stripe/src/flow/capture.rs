//! Capturing what is held, and giving an intent up.

use serde_json::Value;

use crate::{
    error::Failure,
    fields::Fields,
    flow::{session, settle, wrong_state},
    money,
    state::State,
};

/// Captures what an intent holds, all of it or less; what is left is released.
pub fn capture(
    state: &mut State,
    id: &str,
    amount: Option<i64>,
    fee: Option<i64>,
) -> Result<Value, Failure> {
    let intent = state.load(id);
    if intent.text("status") != "requires_capture" {
        return Err(wrong_state(&intent, "captured", "requires_capture"));
    }
    let held = intent.int("amount_capturable");
    let amount = amount.unwrap_or(held);
    if amount < 1 || amount > held {
        return Err(Failure::invalid(format!(
            "Amount to capture must be between 1 and the amount capturable ({held})."
        ))
        .code(if amount < 1 {
            "parameter_invalid_integer"
        } else {
            "amount_too_large"
        })
        .param("amount_to_capture"));
    }
    money::whole(amount, intent.text("currency"), "amount_to_capture")?;
    let mut charge = state.load(intent.text("latest_charge"));
    charge.set("captured", true);
    charge.set("amount_captured", amount);
    if amount < charge.int("amount") {
        // What is not captured counts as given back, as at Stripe.
        charge.set("amount_refunded", charge.int("amount") - amount);
    }
    if let Some(fee) = fee {
        charge.set("application_fee_amount", fee);
    }
    let intent = settle::succeed(state, &intent, &charge);
    session::captured(state, &intent);
    Ok(intent)
}

/// Gives an intent up; what it held is released.
pub fn cancel(state: &mut State, id: &str, reason: Option<&str>) -> Result<Value, Failure> {
    let mut intent = state.load(id);
    let status = intent.text("status").to_owned();
    let open = [
        "requires_payment_method",
        "requires_capture",
        "requires_confirmation",
        "requires_action",
    ];
    if !open.contains(&status.as_str()) {
        return Err(wrong_state(&intent, "canceled", &open.join(", ")));
    }
    if status == "requires_capture" {
        let mut charge = state.load(intent.text("latest_charge"));
        charge.set("amount_refunded", charge.int("amount"));
        charge.set("refunded", true);
        state.save(&charge);
        state.emit("charge.refunded", &charge, None);
    }
    intent.set("status", "canceled");
    intent.set("canceled_at", state.now());
    intent.set(
        "cancellation_reason",
        reason.map_or(Value::Null, Value::from),
    );
    intent.set("amount_capturable", 0);
    intent.set("next_action", Value::Null);
    state.save(&intent);
    state.emit("payment_intent.canceled", &intent, None);
    Ok(intent)
}
