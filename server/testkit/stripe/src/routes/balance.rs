//! `/v1/balance` and `/v1/balance_transactions`.

use serde_json::{Value, json};

use super::{Answer, list, unknown};
use crate::{book::Sums, http::Call, state::State};

/// Answers everything under both addresses.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let filters = ["source", "type", "currency"];
    match (call.method.as_str(), call.route().1.as_slice()) {
        ("GET", ["balance"]) => Ok(balance(state, &call.scope)),
        ("GET", ["balance_transactions"] | ["balance", "history"]) => {
            call.params
                .only(&list::known(&["source", "type", "currency", "payout"]))?;
            list::page(state, call, "balance_transaction", |line| {
                list::fits(&call.params, line, &filters)
            })
        }
        ("GET", ["balance_transactions", id] | ["balance", "history", id]) => {
            state.get(&call.scope, "balance_transaction", id)
        }
        _ => Err(unknown(call)),
    }
}

fn balance(state: &State, scope: &str) -> Value {
    let mut all: Vec<(String, Sums)> = state
        .sums
        .iter()
        .filter(|((account, _), _)| account == scope)
        .map(|((_, currency), sums)| (currency.clone(), *sums))
        .collect();
    if all.is_empty() {
        all.push((state.options.currency.clone(), Sums::default()));
    }
    let side = |pick: fn(&Sums) -> i64| -> Vec<Value> {
        let entry = |(currency, sums): &(String, Sums)| {
            let amount = pick(sums);
            json!({ "amount": amount, "currency": currency, "source_types": { "card": amount } })
        };
        all.iter().map(entry).collect()
    };
    let reserved: Vec<Value> = all
        .iter()
        .map(|(currency, _)| json!({ "amount": 0, "currency": currency }))
        .collect();
    json!({
        "object": "balance", "available": side(|sums| sums.available),
        "connect_reserved": reserved, "livemode": false, "pending": side(|sums| sums.pending),
    })
}
