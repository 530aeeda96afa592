//! Payouts from an account to its bank.

use serde_json::{Value, json};

use crate::{
    book::Entry,
    error::Failure,
    fields::Fields,
    state::{Due, State, letters},
};

/// Days until a payout reaches the bank.
const DAYS: i64 = 2;

/// Bank account numbers whose payouts come back. Source: <https://docs.stripe.com/connect/testing#payouts>.
const FAILING: &[&str] = &["1116", "1113", "3001"];

/// Pays out to the account's bank. `automatic` marks those of the schedule.
pub fn create(
    state: &mut State,
    scope: &str,
    amount: i64,
    currency: &str,
    automatic: bool,
) -> Result<Value, Failure> {
    let bank = bank_of(state, scope, currency)?;
    if amount > state.sums(scope, currency).available {
        return Err(Failure::invalid(
            "You have insufficient funds in your Stripe account for this payout. Your card balance is too low.",
        )
        .code("balance_insufficient"));
    }
    let id = format!("po_1{}", letters(23));
    let line = state.write(
        scope,
        currency,
        line(&id, -amount, "payout", "STRIPE PAYOUT"),
    );
    let now = state.now();
    let made = json!({
        "id": id, "object": "payout", "amount": amount, "application_fee": null,
        "application_fee_amount": null, "arrival_date": now + DAYS * 86_400,
        "automatic": automatic, "balance_transaction": line, "created": now, "currency": currency,
        "description": null, "destination": bank["id"], "failure_balance_transaction": null,
        "failure_code": null, "failure_message": null, "livemode": false, "metadata": {},
        "method": "standard", "original_payout": null, "payout_method": null,
        "reconciliation_status": if automatic { "completed" } else { "not_applicable" },
        "reversed_by": null, "source_type": "card", "statement_descriptor": null,
        "status": "pending", "trace_id": { "status": "pending", "value": null },
        "type": "bank_account",
    });
    state.insert(scope, made.clone());
    state.emit("payout.created", &made, None);
    let reaches = !FAILING.contains(&bank.text("last4"));
    state.later(DAYS * 86_400, Due::Payout(id, reaches));
    Ok(made)
}

fn line<'a>(id: &'a str, amount: i64, kind: &'a str, text: &str) -> Entry<'a> {
    Entry {
        kind,
        category: if kind == "payout" {
            "payout"
        } else {
            "payout_reversal"
        },
        amount,
        fees: Vec::new(),
        days: 0,
        source: id,
        description: Some(text.to_owned()),
    }
}

fn bank_of(state: &State, scope: &str, currency: &str) -> Result<Value, Failure> {
    if scope == state.platform {
        return Ok(json!({ "id": "ba_1DoublePlatform000000001", "last4": "3000" }));
    }
    let account = state.load(scope);
    if !account.flag("payouts_enabled") {
        return Err(Failure::invalid(
            "Cannot create payouts: this account has requirements that need to be collected.",
        )
        .code("payouts_not_allowed"));
    }
    let banks = account["external_accounts"]["data"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    banks
        .into_iter()
        .find(|bank| bank.text("currency") == currency)
        .ok_or_else(|| {
            Failure::invalid(format!(
                "Sorry, you don't have any external accounts in that currency ({currency})."
            ))
            .param("currency")
        })
}

/// Lets a payout arrive at the bank, or come back.
pub fn settle(state: &mut State, id: &str, arrives: bool) -> Result<Value, Failure> {
    let mut made = state.load(id);
    let status = made.text("status").to_owned();
    // A bank may send back what had counted as paid, for some days.
    let fits = status == "pending" || status == "in_transit" || (status == "paid" && !arrives);
    if !fits {
        return Err(Failure::invalid(format!(
            "Payout {id} has a status of {status}."
        )));
    }
    if arrives {
        made.set("status", "paid");
        made.set(
            "trace_id",
            json!({ "status": "supported", "value": letters(12) }),
        );
        state.save(&made);
        state.emit("payout.paid", &made, None);
        return Ok(made);
    }
    made.set("failure_code", "account_closed");
    made.set("failure_message", "The bank account has been closed.");
    give_back(
        state,
        &mut made,
        "failed",
        "payout_failure",
        "STRIPE PAYOUT FAILURE",
    );
    state.emit("payout.failed", &made, None);
    Ok(made)
}

/// Takes back a payout that the bank has not seen yet.
pub fn cancel(state: &mut State, id: &str) -> Result<Value, Failure> {
    let mut made = state.load(id);
    if made.text("status") != "pending" || made.flag("automatic") {
        return Err(Failure::invalid(format!(
            "Payouts can only be canceled if they have a status of pending and are not automatic. Payout {id} has a status of {}.",
            made.text("status")
        )));
    }
    give_back(
        state,
        &mut made,
        "canceled",
        "payout_cancel",
        "STRIPE PAYOUT CANCEL",
    );
    state.emit("payout.canceled", &made, None);
    Ok(made)
}

fn give_back(state: &mut State, made: &mut Value, status: &str, kind: &str, text: &str) {
    let id = made.text("id").to_owned();
    let scope = state.scope_of(&id);
    let txn = state.write(
        &scope,
        made.text("currency"),
        line(&id, made.int("amount"), kind, text),
    );
    made.set("failure_balance_transaction", txn);
    made.set("status", status);
    state.save(made);
}

/// The schedule's payouts: everything available of every account that does not pay out by hand.
pub fn run_schedule(state: &mut State) -> Vec<Value> {
    let due: Vec<(String, String, i64)> = state
        .sums
        .iter()
        .filter(|((account, _), sums)| *account != state.platform && sums.available > 0)
        .filter(|((account, _), _)| {
            let schedule = &state.load(account)["settings"]["payouts"]["schedule"];
            schedule.text("interval") != "manual"
        })
        .map(|((account, currency), sums)| (account.clone(), currency.clone(), sums.available))
        .collect();
    let mut made = Vec::new();
    for (account, currency, amount) in due {
        match create(state, &account, amount, &currency, true) {
            Ok(payout) => made.push(payout),
            Err(failure) => tracing::debug!(error = %failure.error, "an account is not paid out"),
        }
    }
    made
}
