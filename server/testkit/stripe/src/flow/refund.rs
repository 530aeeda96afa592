//! Giving money back, and what becomes of it.

use serde_json::{Value, json};

use crate::{
    book::Entry,
    cards::{self, Behaviour},
    error::Failure,
    fields::{Fields, previous},
    flow::{fees, method, transfer},
    money::shown,
    objects::refund,
    state::{Due, State},
};

/// What is asked for.
#[derive(Debug, Default)]
pub struct Ask {
    /// How much; all that is left, if not given.
    pub amount: Option<i64>,
    /// `requested_by_customer`, …
    pub reason: Option<String>,
    /// Labels.
    pub metadata: Value,
    /// Takes the connected account's share back as well.
    pub reverse_transfer: bool,
    /// Gives the platform's fee back as well.
    pub refund_fee: bool,
}

/// Refunds a charge.
pub fn create(state: &mut State, charge_id: &str, ask: Ask) -> Result<Value, Failure> {
    let mut charge = state.load(charge_id);
    let amount = refundable(state, &charge, ask.amount)?;
    let scope = state.scope_of(charge_id);
    let currency = charge.text("currency").to_owned();
    let mut made = refund::new(state.now(), &charge, amount);
    let id = made.text("id").to_owned();
    made.set("reason", ask.reason.map_or(Value::Null, Value::from));
    made.set(
        "metadata",
        if ask.metadata.is_object() {
            ask.metadata
        } else {
            json!({})
        },
    );
    let is_card = charge["payment_method_details"].text("type") == "card";
    let line = state.write(
        &scope,
        &currency,
        Entry {
            kind: if is_card { "refund" } else { "payment_refund" },
            category: "refund",
            amount: -amount,
            fees: Vec::new(),
            days: 0,
            source: &id,
            description: charge
                .maybe("description")
                .map(|of| format!("REFUND FOR CHARGE ({of})")),
        },
    );
    made.set("balance_transaction", line);
    let behaviour = cards::behaviour(&method::number(state, charge.text("payment_method")));
    let wait = state.options.refund_seconds;
    match behaviour {
        Behaviour::RefundWaits | Behaviour::Debit { .. } => {
            made.set("status", "pending");
            state.later(wait, Due::Refund(id.clone(), true));
        }
        Behaviour::RefundFails => state.later(wait, Due::Refund(id.clone(), false)),
        _ => {}
    }
    if ask.reverse_transfer
        && let Some(transfer_id) = charge.maybe("transfer").map(str::to_owned)
    {
        let sent = state.load(&transfer_id);
        let part = sent.int("amount") * amount / charge.int("amount_captured").max(1);
        let part = part.min(sent.int("amount") - sent.int("amount_reversed"));
        if part > 0 {
            let reversal = transfer::reverse(state, &transfer_id, part, Some(&id), false)?;
            made.set("transfer_reversal", reversal["id"].clone());
        }
    }
    if ask.refund_fee
        && let Some(fee_id) = charge.maybe("application_fee").map(str::to_owned)
    {
        let fee = state.load(&fee_id);
        let part = fee.int("amount") * amount / charge.int("amount_captured").max(1);
        fees::give_back(
            state,
            &fee_id,
            part.min(fee.int("amount") - fee.int("amount_refunded")),
        )?;
    }
    state.insert(&scope, made.clone());
    charge.set("amount_refunded", charge.int("amount_refunded") + amount);
    let whole = charge.int("amount_refunded") >= charge.int("amount");
    charge.set("refunded", whole);
    if let Some(list) = charge["refunds"]["data"].as_array_mut() {
        list.insert(0, made.clone());
    }
    let count = charge["refunds"].int("total_count") + 1;
    charge["refunds"].set("total_count", count);
    let before = previous(&state.load(charge_id), &charge);
    state.save(&charge);
    state.emit("refund.created", &made, None);
    state.emit("charge.refunded", &charge, Some(before));
    Ok(made)
}

fn refundable(state: &State, charge: &Value, asked: Option<i64>) -> Result<i64, Failure> {
    let id = charge.text("id");
    if charge.text("status") != "succeeded" || !charge.flag("captured") {
        return Err(Failure::invalid(format!(
            "Charge {id} has not been captured and cannot be refunded. Cancel its PaymentIntent instead."
        )));
    }
    let dispute = charge.maybe("dispute").map(|dispute| state.load(dispute));
    if dispute.is_some_and(|dispute| !dispute.flag("is_charge_refundable")) {
        return Err(Failure::invalid(format!(
            "Charge {id} has been charged back; cannot issue a refund."
        ))
        .code("charge_disputed"));
    }
    let left = charge.int("amount") - charge.int("amount_refunded");
    if left <= 0 {
        return Err(
            Failure::invalid(format!("Charge {id} has already been refunded."))
                .code("charge_already_refunded"),
        );
    }
    let amount = asked.unwrap_or(left);
    if amount < 1 {
        return Err(Failure::invalid("Invalid positive integer")
            .code("parameter_invalid_integer")
            .param("amount"));
    }
    let currency = charge.text("currency");
    if amount > left {
        return Err(Failure::invalid(format!(
            "Refund amount ({}) is greater than unrefunded amount on charge ({})",
            shown(amount, currency),
            shown(left, currency)
        ))
        .param("amount"));
    }
    crate::money::whole(amount, currency, "amount")?;
    Ok(amount)
}

/// Brings a refund to `succeeded`, `failed`, `canceled` or `requires_action`.
pub fn settle(state: &mut State, id: &str, end: &str) -> Result<Value, Failure> {
    let mut made = state.load(id);
    let from = made.text("status").to_owned();
    let fits = match end {
        "succeeded" => from == "pending" || from == "requires_action",
        // A refund can come back from the bank after it had counted as done.
        "failed" => from != "failed" && from != "canceled",
        "canceled" => from == "requires_action" || from == "pending",
        "requires_action" => from == "pending",
        _ => false,
    };
    if !fits || made.is_null() {
        return Err(Failure::invalid(format!(
            "Refund {id} has a status of {from} and cannot become {end}."
        )));
    }
    let old = made.clone();
    made.set("status", end);
    if end == "requires_action" {
        let details = json!({ "email_sent": { "email_sent_at": state.now(), "email_sent_to": "payer@example.com" }, "expires_at": state.now() + 45 * 86_400 });
        made.set(
            "next_action",
            json!({ "type": "display_details", "display_details": details }),
        );
    }
    if end == "failed" || end == "canceled" {
        made.set(
            "failure_reason",
            if end == "failed" {
                "expired_or_canceled_card"
            } else {
                "merchant_request"
            },
        );
        return_money(state, &mut made);
    }
    state.save(&made);
    mirror(state, &made);
    let before = previous(&old, &made);
    state.emit("refund.updated", &made, Some(before.clone()));
    state.emit("charge.refund.updated", &made, Some(before));
    if end == "failed" {
        state.emit("refund.failed", &made, None);
    }
    Ok(made)
}

fn return_money(state: &mut State, made: &mut Value) {
    let id = made.text("id").to_owned();
    let scope = state.scope_of(&id);
    let amount = made.int("amount");
    let line = state.write(
        &scope,
        made.text("currency"),
        Entry {
            kind: "refund_failure",
            category: "refund_failure",
            amount,
            fees: Vec::new(),
            days: 0,
            source: &id,
            description: Some("REFUND FAILURE".to_owned()),
        },
    );
    made.set("failure_balance_transaction", line);
    let mut charge = state.load(made.text("charge"));
    charge.set("amount_refunded", charge.int("amount_refunded") - amount);
    charge.set("refunded", false);
    state.save(&charge);
}

/// The charge's own list shows the refund as it is now.
fn mirror(state: &mut State, made: &Value) {
    let mut charge = state.load(made.text("charge"));
    for entry in charge["refunds"]["data"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        if entry["id"] == made["id"] {
            *entry = made.clone();
        }
    }
    state.save(&charge);
}
