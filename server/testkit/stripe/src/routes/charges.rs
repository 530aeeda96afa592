//! `/v1/charges`: reading and labelling; payments are made by intents.

use super::{Answer, list, refunds, unknown};
use crate::{
    fields::{Fields, previous},
    http::Call,
    state::State,
};

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("GET", []) => {
            let filters = ["payment_intent", "customer", "transfer_group"];
            params.only(&list::known(&filters))?;
            list::page(state, call, "charge", |charge| {
                list::fits(params, charge, &filters)
            })
        }
        ("GET", [id]) => state.get(&call.scope, "charge", id),
        ("POST", [id]) => {
            params.only(&[
                "description",
                "metadata",
                "receipt_email",
                "fraud_details",
                "transfer_group",
                "shipping",
            ])?;
            let mut charge = state.get(&call.scope, "charge", id)?;
            let old = charge.clone();
            params.copy(
                &["description", "receipt_email", "transfer_group", "shipping"],
                &mut charge,
            );
            charge.set("metadata", params.metadata(&charge["metadata"])?);
            state.save(&charge);
            state.emit("charge.updated", &charge, Some(previous(&old, &charge)));
            Ok(charge)
        }
        ("GET", [id, "refunds"]) => {
            state.get(&call.scope, "charge", id)?;
            list::page(state, call, "refund", |refund| refund.text("charge") == *id)
        }
        ("POST", [id, "refunds"]) => refunds::create(state, call, Some(id)),
        _ => Err(unknown(call)),
    }
}
