//! `/v1/disputes`.

use super::{Answer, list, unknown};
use crate::{fields::Fields, flow::dispute, http::Call, objects::dispute::EVIDENCE, state::State};

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("GET", []) => {
            let filters = ["charge", "payment_intent"];
            params.only(&list::known(&filters))?;
            list::page(state, call, "dispute", |made| {
                list::fits(params, made, &filters)
            })
        }
        ("GET", [id]) => state.get(&call.scope, "dispute", id),
        ("POST", [id]) => {
            params.only(&["evidence", "metadata", "submit"])?;
            let mut made = state.get(&call.scope, "dispute", id)?;
            let evidence = params.sub("evidence");
            evidence.only(EVIDENCE)?;
            made.set("metadata", params.metadata(&made["metadata"])?);
            state.save(&made);
            let submit = params.flag("submit")?.unwrap_or(true);
            if !params.has("evidence") && !params.has("submit") {
                return Ok(made);
            }
            dispute::answer(state, id, evidence.values(), submit)
        }
        ("POST", [id, "close"]) => {
            state.get(&call.scope, "dispute", id)?;
            dispute::close(state, id, false)
        }
        _ => Err(unknown(call)),
    }
}
