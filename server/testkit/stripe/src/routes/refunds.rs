//! `/v1/refunds`.

use super::{Answer, list, unknown};
use crate::{
    error::Failure,
    fields::{Fields, previous},
    flow::refund,
    http::Call,
    state::State,
};

const FIELDS: &[&str] = &[
    "charge",
    "payment_intent",
    "amount",
    "reason",
    "metadata",
    "reverse_transfer",
    "refund_application_fee",
    "instructions_email",
];

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("POST", []) => create(state, call, None),
        ("GET", []) => {
            let filters = ["charge", "payment_intent"];
            params.only(&list::known(&filters))?;
            list::page(state, call, "refund", |refund| {
                list::fits(params, refund, &filters)
            })
        }
        ("GET", [id]) => state.get(&call.scope, "refund", id),
        ("POST", [id]) => {
            params.only(&["metadata"])?;
            let mut made = state.get(&call.scope, "refund", id)?;
            let old = made.clone();
            made.set("metadata", params.metadata(&made["metadata"])?);
            state.save(&made);
            state.emit("refund.updated", &made, Some(previous(&old, &made)));
            Ok(made)
        }
        ("POST", [id, "cancel"]) => {
            let made = state.get(&call.scope, "refund", id)?;
            if made.text("status") != "requires_action" {
                return Err(Failure::invalid(format!(
                    "Refund {id} has a status of {} and cannot be canceled. Only a refund with a status of requires_action can be.",
                    made.text("status")
                )));
            }
            refund::settle(state, id, "canceled")
        }
        _ => Err(unknown(call)),
    }
}

/// Refunds the charge of the path, or the one that the parameters name.
pub fn create(state: &mut State, call: &Call, charge: Option<&str>) -> Answer {
    let params = &call.params;
    params.only(FIELDS)?;
    let charge = match (charge, params.text("charge"), params.text("payment_intent")) {
        (Some(id), ..) | (None, Some(id), None) => state
            .get(&call.scope, "charge", id)
            .map_err(|failure| failure.param("charge"))?,
        (None, None, Some(id)) => {
            let intent = state
                .get(&call.scope, "payment_intent", id)
                .map_err(|failure| failure.param("payment_intent"))?;
            let charge = state.load(intent.text("latest_charge"));
            if charge.text("status") != "succeeded" {
                return Err(Failure::invalid(format!(
                    "This PaymentIntent ({id}) does not have a successful charge to refund."
                ))
                .param("payment_intent"));
            }
            charge
        }
        (None, None, None) => {
            return Err(Failure::invalid(
                "One of the following params should be provided for this request: payment_intent or charge.",
            )
            .code("parameter_missing"));
        }
        (None, Some(_), Some(_)) => {
            return Err(Failure::invalid(
                "You may only specify one of these parameters: charge, payment_intent.",
            ));
        }
    };
    let reasons = ["duplicate", "fraudulent", "requested_by_customer"];
    let ask = refund::Ask {
        amount: params.int("amount")?,
        reason: params.word("reason", &reasons)?.map(str::to_owned),
        metadata: params.metadata(&serde_json::Value::Null)?,
        reverse_transfer: params.flag("reverse_transfer")?.unwrap_or(false),
        refund_fee: params.flag("refund_application_fee")?.unwrap_or(false),
    };
    if ask.reverse_transfer && charge.lacks("transfer") {
        return Err(Failure::invalid(format!(
            "Charge {} has no associated transfer to reverse.",
            charge.text("id")
        ))
        .param("reverse_transfer"));
    }
    refund::create(state, charge.text("id"), ask)
}
