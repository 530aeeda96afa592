//! `/v1/payouts`, mostly of connected accounts.

use serde_json::Value;

use super::{Answer, list, unknown};
use crate::{
    error::Failure,
    fields::{Fields, previous},
    flow::payout,
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
            let filters = ["status", "destination"];
            params.only(&list::known(&["status", "destination", "arrival_date"]))?;
            list::page(state, call, "payout", |made| {
                list::fits(params, made, &filters)
            })
        }
        ("GET", [id]) => state.get(&call.scope, "payout", id),
        ("POST", [id]) => {
            params.only(&["metadata"])?;
            let mut made = state.get(&call.scope, "payout", id)?;
            let old = made.clone();
            made.set("metadata", params.metadata(&made["metadata"])?);
            state.save(&made);
            state.emit("payout.updated", &made, Some(previous(&old, &made)));
            Ok(made)
        }
        ("POST", [id, "cancel"]) => {
            state.get(&call.scope, "payout", id)?;
            payout::cancel(state, id)
        }
        _ => Err(unknown(call)),
    }
}

fn create(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    params.only(&[
        "amount",
        "currency",
        "description",
        "metadata",
        "method",
        "destination",
        "source_type",
        "statement_descriptor",
    ])?;
    let amount = params.need_int("amount")?;
    let currency = money::currency(params.need("currency")?, "currency")?;
    if amount < 1 {
        return Err(
            Failure::invalid("This value must be greater than or equal to 1.")
                .code("parameter_invalid_integer")
                .param("amount"),
        );
    }
    money::whole(amount, &currency, "amount")?;
    let metadata = params.metadata(&Value::Null)?;
    let mut made = payout::create(state, &call.scope, amount, &currency, false)?;
    params.copy(&["description", "statement_descriptor"], &mut made);
    made.set("metadata", metadata);
    state.save(&made);
    Ok(made)
}
