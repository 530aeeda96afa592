//! `/v1/payment_methods`.

use super::{Answer, list, unknown};
use crate::{error::Failure, fields::Fields, flow::method, http::Call, state::State};

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("POST", []) => {
            params.only(&[
                "type",
                "card",
                "sepa_debit",
                "billing_details",
                "metadata",
                "allow_redisplay",
            ])?;
            let mut made = method::from_params(state, &call.scope, params)?;
            made.set("metadata", params.metadata(&made["metadata"])?);
            state.save(&made);
            Ok(made)
        }
        ("GET", []) => {
            params.only(&list::known(&["customer", "type"]))?;
            list::page(state, call, "payment_method", |made| {
                list::fits(params, made, &["customer", "type"])
            })
        }
        ("GET", [id]) => find(state, call, id),
        ("POST", [id, "attach"]) => {
            let made = find(state, call, id)?;
            let customer = params.need("customer")?;
            state.get(&call.scope, "customer", customer)?;
            tie(state, made, Some(customer))
        }
        ("POST", [id, "detach"]) => {
            let made = find(state, call, id)?;
            tie(state, made, None)
        }
        _ => Err(unknown(call)),
    }
}

fn tie(state: &mut State, mut made: serde_json::Value, customer: Option<&str>) -> Answer {
    made.set("customer", customer);
    state.save(&made);
    let kind = if customer.is_some() {
        "payment_method.attached"
    } else {
        "payment_method.detached"
    };
    state.emit(kind, &made, None);
    Ok(made)
}

fn find(state: &State, call: &Call, id: &str) -> Answer {
    state
        .get(&call.scope, "payment_method", id)
        .map_err(|_| Failure::missing("PaymentMethod", id).param("payment_method"))
}
