//! A buyer's bank takes a payment back, and the dispute about it.

use serde_json::{Value, json};

use crate::{
    book::Entry,
    error::Failure,
    fields::{Fields, previous},
    money,
    objects::dispute,
    state::{Due, State},
};

/// Opens a dispute. The reason `warning` makes an inquiry, which takes no money yet.
pub fn open(state: &mut State, charge_id: &str, reason: &str) -> Result<Value, Failure> {
    let mut charge = state.load(charge_id);
    if charge.text("object") != "charge" || charge.text("status") != "succeeded" {
        return Err(Failure::missing("charge", charge_id));
    }
    if charge.flag("disputed") {
        return Err(Failure::invalid(format!(
            "Charge {charge_id} is disputed already."
        )));
    }
    let scope = state.scope_of(charge_id);
    let mut made = dispute::new(state.now(), &charge, reason);
    if made.int("amount") <= 0 {
        return Err(Failure::invalid(format!(
            "Nothing is left of charge {charge_id}."
        )));
    }
    let id = made.text("id").to_owned();
    charge.set("disputed", true);
    charge.set("dispute", id.clone());
    state.save(&charge);
    let inquiry = made.text("status") == "warning_needs_response";
    if !inquiry {
        let fee = money::dispute_fee(made.text("currency"));
        let amount = -made.int("amount");
        book(state, &scope, &mut made, amount, fee, "dispute");
    }
    state.insert(&scope, made.clone());
    state.emit("charge.dispute.created", &made, None);
    if !inquiry {
        state.emit("charge.dispute.funds_withdrawn", &made, None);
    }
    Ok(made)
}

/// Takes evidence and, when it is handed in, lets the bank decide. The texts `winning_evidence` and
/// `losing_evidence` decide at once, as in Stripe's test mode; anything else waits.
pub fn answer(
    state: &mut State,
    id: &str,
    evidence: &Value,
    submit: bool,
) -> Result<Value, Failure> {
    let mut made = state.load(id);
    let old = made.clone();
    let status = made.text("status").to_owned();
    if status != "needs_response" && status != "warning_needs_response" {
        return Err(Failure::invalid(format!(
            "This dispute has a status of {status}: evidence can no longer be submitted."
        )));
    }
    let fields = evidence.as_object().cloned().unwrap_or_default();
    for (key, value) in fields {
        let text = value.as_str().unwrap_or_default();
        made["evidence"].set(
            &key,
            if text.is_empty() {
                Value::Null
            } else {
                Value::from(text)
            },
        );
    }
    let any = made["evidence"]
        .as_object()
        .into_iter()
        .flatten()
        .any(|(_, value)| value.is_string());
    made["evidence_details"].set("has_evidence", any);
    let verdict = match made["evidence"].text("uncategorized_text") {
        "winning_evidence" => Some(true),
        "losing_evidence" => Some(false),
        _ => None,
    };
    if submit {
        made.set(
            "status",
            if status == "needs_response" {
                "under_review"
            } else {
                "warning_under_review"
            },
        );
        made["evidence_details"].set("submission_count", 1);
    }
    state.save(&made);
    state.emit("charge.dispute.updated", &made, Some(previous(&old, &made)));
    if let (true, Some(won)) = (submit, verdict) {
        state.later(0, Due::Verdict(id.to_owned(), won));
    }
    Ok(made)
}

/// An inquiry becomes a dispute: the bank takes the money, and evidence is asked for anew.
pub fn escalate(state: &mut State, id: &str) -> Result<Value, Failure> {
    let mut made = state.load(id);
    let old = made.clone();
    let status = made.text("status").to_owned();
    if status != "warning_needs_response" && status != "warning_under_review" {
        return Err(Failure::invalid(format!(
            "This dispute has a status of {status}: only an inquiry can become a chargeback."
        )));
    }
    let scope = state.scope_of(id);
    made.set("status", "needs_response");
    made.set("is_charge_refundable", false);
    made["evidence_details"].set("due_by", state.now() + dispute::DAYS * 86_400);
    made["evidence_details"].set("submission_count", 0);
    let fee = money::dispute_fee(made.text("currency"));
    let amount = -made.int("amount");
    book(state, &scope, &mut made, amount, fee, "dispute");
    state.save(&made);
    state.emit("charge.dispute.updated", &made, Some(previous(&old, &made)));
    state.emit("charge.dispute.funds_withdrawn", &made, None);
    Ok(made)
}

/// Ends a dispute: won or lost.
pub fn close(state: &mut State, id: &str, won: bool) -> Result<Value, Failure> {
    let mut made = state.load(id);
    let status = made.text("status").to_owned();
    if made.is_null() {
        return Err(Failure::missing("dispute", id));
    }
    if ["won", "lost", "warning_closed"].contains(&status.as_str()) {
        return Err(Failure::invalid(format!(
            "This dispute is already closed with a status of {status}."
        )));
    }
    let scope = state.scope_of(id);
    if status.starts_with("warning") {
        made.set("status", "warning_closed");
    } else if won {
        made.set("status", "won");
        let amount = made.int("amount");
        book(state, &scope, &mut made, amount, 0, "dispute_reversal");
    } else {
        made.set("status", "lost");
    }
    state.save(&made);
    if made.text("status") == "won" {
        state.emit("charge.dispute.funds_reinstated", &made, None);
    }
    state.emit("charge.dispute.closed", &made, None);
    Ok(made)
}

fn book(state: &mut State, scope: &str, made: &mut Value, amount: i64, fee: i64, category: &str) {
    let id = made.text("id").to_owned();
    let currency = made.text("currency").to_owned();
    let charge = made.text("charge").to_owned();
    let won = category == "dispute_reversal";
    let line = state.write(
        scope,
        &currency,
        Entry {
            kind: "adjustment",
            category,
            amount,
            fees: vec![("stripe_fee", fee, "Dispute fee")],
            days: 0,
            source: &id,
            description: Some(if won {
                format!("Chargeback reversal for {charge}")
            } else {
                format!("Chargeback withdrawal for {charge}")
            }),
        },
    );
    let full = state.load(&line);
    if !won {
        made.set("balance_transaction", line);
    }
    match made["balance_transactions"].as_array_mut() {
        Some(lines) => lines.push(full),
        None => made.set("balance_transactions", json!([full])),
    }
}
