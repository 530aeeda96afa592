//! `/v1/transfers` and their reversals.

use serde_json::Value;

use super::{Answer, connect, list, unknown};
use crate::{
    error::Failure,
    fields::{Fields, previous},
    flow::{settle, transfer},
    http::Call,
    money,
    state::State,
};

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("POST", []) => create(state, call),
        ("GET", []) => {
            let filters = ["destination", "transfer_group"];
            params.only(&list::known(&filters))?;
            list::page(state, call, "transfer", |made| {
                list::fits(params, made, &filters)
            })
        }
        ("GET", [id]) => state.get(&call.scope, "transfer", id),
        ("POST", [id]) => {
            params.only(&["description", "metadata"])?;
            let mut made = state.get(&call.scope, "transfer", id)?;
            let old = made.clone();
            params.copy(&["description"], &mut made);
            made.set("metadata", params.metadata(&made["metadata"])?);
            state.save(&made);
            state.emit("transfer.updated", &made, Some(previous(&old, &made)));
            Ok(made)
        }
        ("POST", [id, "reversals"]) => {
            params.only(&[
                "amount",
                "description",
                "metadata",
                "refund_application_fee",
            ])?;
            let made = state.get(&call.scope, "transfer", id)?;
            let left = made.int("amount") - made.int("amount_reversed");
            let amount = params.int("amount")?.unwrap_or(left);
            let mut reversal = transfer::reverse(state, id, amount, None, true)?;
            reversal.set("metadata", params.metadata(&Value::Null)?);
            state.save(&reversal);
            Ok(reversal)
        }
        ("GET", [id, "reversals"]) => {
            state.get(&call.scope, "transfer", id)?;
            list::page(state, call, "transfer_reversal", |made| {
                made.text("transfer") == *id
            })
        }
        ("GET", [_, "reversals", id]) => state.get(&call.scope, "transfer_reversal", id),
        _ => Err(unknown(call)),
    }
}

fn create(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    params.only(&[
        "amount",
        "currency",
        "destination",
        "description",
        "metadata",
        "source_transaction",
        "source_type",
        "transfer_group",
    ])?;
    let currency = money::currency(params.need("currency")?, "currency")?;
    let destination = params.need("destination")?.to_owned();
    connect::can_receive(state, &destination, "destination")?;
    let source = match params.text("source_transaction") {
        Some(id) => Some(
            state
                .get(&call.scope, "charge", id)
                .map_err(|failure| failure.param("source_transaction"))?,
        ),
        None => None,
    };
    let amount = match (params.int("amount")?, &source) {
        (Some(amount), _) => amount,
        (None, Some(charge)) => charge.int("amount_captured"),
        (None, None) => return Err(Failure::needs("amount")),
    };
    if amount < 1 {
        return Err(
            Failure::invalid("This value must be greater than or equal to 1.")
                .code("parameter_invalid_integer")
                .param("amount"),
        );
    }
    money::whole(amount, &currency, "amount")?;
    if call.scope != state.platform {
        return Err(Failure::invalid("Only the platform can create transfers."));
    }
    let days = match &source {
        Some(charge) => covered_by(state, charge, amount, &currency)?,
        None => covered_by_balance(state, amount, &currency)?,
    };
    let plan = transfer::Plan {
        amount,
        currency: &currency,
        destination: &destination,
        source: source.as_ref(),
        days,
        application_fee: 0,
    };
    let mut made = transfer::make(state, &plan);
    params.copy(&["description", "transfer_group"], &mut made);
    made.set("metadata", params.metadata(&Value::Null)?);
    state.save(&made);
    Ok(made)
}

/// A charge can be passed on as far as it has not been already, whether available yet or not.
fn covered_by(state: &State, charge: &Value, amount: i64, currency: &str) -> Result<i64, Failure> {
    let id = charge.text("id");
    if charge.text("currency") != currency {
        return Err(Failure::invalid(format!(
            "The currency of source_transaction's balance transaction ({}) must be the same as the transfer currency ({currency})",
            charge.text("currency")
        ))
        .param("currency"));
    }
    if charge.text("status") != "succeeded" || !charge.flag("captured") {
        return Err(
            Failure::invalid(format!("The source_transaction {id} has not succeeded."))
                .param("source_transaction"),
        );
    }
    let passed: i64 = state
        .every("transfer")
        .filter(|made| made.text("source_transaction") == id)
        .map(|made| made.int("amount"))
        .sum();
    let left = charge.int("amount_captured") - passed;
    if amount > left {
        return Err(Failure::invalid(format!(
            "Transfers using this transaction as a source must not exceed the source amount of {}. (There is {} left.)",
            money::shown(charge.int("amount_captured"), currency),
            money::shown(left.max(0), currency)
        ))
        .param("amount"));
    }
    let line = state.load(charge.text("balance_transaction"));
    Ok(if line.text("status") == "available" {
        0
    } else {
        settle::days(state, charge)
    })
}

fn covered_by_balance(state: &State, amount: i64, currency: &str) -> Result<i64, Failure> {
    if amount <= state.sums(&state.platform, currency).available {
        return Ok(0);
    }
    Err(Failure::invalid(
        "You have insufficient available funds in your Stripe account. One likely cause is that your account is enabled for automatic payouts, so your balance is regularly paid out to your bank account. Try adding funds directly to your available balance by creating Charges using the 4000000000000077 test card. See: https://stripe.com/docs/testing#available-balance",
    )
    .code("balance_insufficient"))
}
