//! `/v1/application_fees` and their refunds.

use super::{Answer, list, unknown};
use crate::{fields::Fields, flow::fees, http::Call, state::State};

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("GET", []) => {
            params.only(&list::known(&["charge"]))?;
            list::page(state, call, "application_fee", |fee| {
                list::fits(params, fee, &["charge"])
            })
        }
        ("GET", [id]) => state.get(&call.scope, "application_fee", id),
        ("POST", [id, "refunds"]) => {
            params.only(&["amount", "metadata"])?;
            let fee = state.get(&call.scope, "application_fee", id)?;
            let left = fee.int("amount") - fee.int("amount_refunded");
            let mut made = fees::give_back(state, id, params.int("amount")?.unwrap_or(left))?;
            made.set("metadata", params.metadata(&made["metadata"])?);
            state.save(&made);
            Ok(made)
        }
        ("GET", [id, "refunds"]) => {
            state.get(&call.scope, "application_fee", id)?;
            list::page(state, call, "fee_refund", |made| made.text("fee") == *id)
        }
        ("GET", [_, "refunds", id]) => state.get(&call.scope, "fee_refund", id),
        _ => Err(unknown(call)),
    }
}
