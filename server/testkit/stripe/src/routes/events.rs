//! `/v1/events`.

use super::{Answer, list, unknown};
use crate::{fields::Fields, http::Call, state::State};

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    match (call.method.as_str(), &call.route().1[1..]) {
        ("GET", []) => {
            call.params
                .only(&list::known(&["type", "types", "delivery_success"]))?;
            let types = call.params.texts("types");
            let one = call.params.text("type").map(str::to_owned);
            list::page(state, call, "event", |event| {
                let kind = event.text("type");
                // `charge.*` stands for all that begin so.
                let fits = |wanted: &String| match wanted.strip_suffix('*') {
                    Some(start) => kind.starts_with(start),
                    None => kind == wanted,
                };
                one.as_ref().is_none_or(fits) && (types.is_empty() || types.iter().any(fits))
            })
        }
        ("GET", [id]) => state.get(&call.scope, "event", id),
        _ => Err(unknown(call)),
    }
}
