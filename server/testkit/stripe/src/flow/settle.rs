//! A charge brings its money: lines in the book, shares of connected accounts, events, and what the card
//! does afterwards.

use serde_json::Value;

use crate::{
    book::Entry,
    cards::{self, Behaviour},
    fields::Fields,
    flow::{fees, method, session, transfer},
    money,
    state::{Due, State},
};

/// Ends a payment well: the charge is captured in full or in part, and the intent has succeeded.
pub fn succeed(state: &mut State, intent: &Value, charge: &Value) -> Value {
    let mut intent = intent.clone();
    let captured = charge.int("amount_captured");
    intent.set("status", "succeeded");
    intent.set("amount_capturable", 0);
    intent.set("amount_received", captured);
    intent.set("next_action", Value::Null);
    state.save(&intent);
    // As in `automatic_async`, the line in the book follows after the first announcement.
    state.save(charge);
    let was_held = charge.flag("captured") && intent.text("capture_method") == "manual";
    state.emit(
        if was_held {
            "charge.captured"
        } else {
            "charge.succeeded"
        },
        charge,
        None,
    );
    let settled = book(state, charge);
    state.emit("payment_intent.succeeded", &intent, None);
    session::paid(state, &intent);
    let before = crate::fields::previous(charge, &settled);
    state.emit("charge.updated", &settled, Some(before));
    afterwards(state, &settled);
    intent
}

/// Writes the charge into the book and gives connected accounts their share.
fn book(state: &mut State, charge: &Value) -> Value {
    let mut charge = charge.clone();
    let id = charge.text("id").to_owned();
    let scope = state.scope_of(&id);
    let currency = charge.text("currency").to_owned();
    let amount = charge.int("amount_captured");
    let destination = charge["transfer_data"]
        .maybe("destination")
        .map(str::to_owned);
    let share = charge.int("application_fee_amount").min(amount);
    let days = days(state, &charge);
    let mut taken = vec![(
        "stripe_fee",
        money::fee(amount, &currency),
        "Stripe processing fees",
    )];
    if destination.is_none() && share > 0 {
        taken.push(("application_fee", share, "Application fee"));
    }
    let is_card = charge["payment_method_details"].text("type") == "card";
    let line = state.write(
        &scope,
        &currency,
        Entry {
            kind: if is_card { "charge" } else { "payment" },
            category: "charge",
            amount,
            fees: taken,
            days,
            source: &id,
            description: charge.maybe("description").map(str::to_owned),
        },
    );
    charge.set("balance_transaction", line);
    state.save(&charge);
    if let Some(destination) = destination {
        let sent = charge["transfer_data"]["amount"]
            .as_i64()
            .unwrap_or(amount)
            .min(amount);
        let plan = transfer::Plan {
            amount: sent,
            currency: &currency,
            destination: &destination,
            source: Some(&charge),
            days,
            application_fee: share,
        };
        let made = transfer::make(state, &plan);
        charge.set("transfer", made["id"].clone());
        let fee = state.load(made.text("destination_payment"))["application_fee"].clone();
        charge.set("application_fee", fee);
        state.save(&charge);
    } else if share > 0 {
        let fee = fees::take(state, &scope, &id, None, share, &currency, days);
        charge.set("application_fee", fee);
        state.save(&charge);
    }
    charge
}

/// Days until the money of a charge is available.
pub fn days(state: &State, charge: &Value) -> i64 {
    let number = method::number(state, charge.text("payment_method"));
    match cards::behaviour(&number) {
        Behaviour::AvailableAtOnce => 0,
        _ => state.options.days_to_available,
    }
}

fn afterwards(state: &mut State, charge: &Value) {
    let id = charge.text("id").to_owned();
    let number = method::number(state, charge.text("payment_method"));
    match cards::behaviour(&number) {
        Behaviour::Disputed(reason) => state.later(0, Due::Dispute(id, reason)),
        Behaviour::Debit { disputed: true, .. } => {
            state.later(0, Due::Dispute(id, "debit_not_authorized"))
        }
        _ => {}
    }
}
