//! What happens to webhooks.

use serde_json::{Value, json};

use crate::{error::Failure, fields::Fields, params::Params, state::State};

/// The log of deliveries, of one event if it is named.
pub fn deliveries(state: &State, params: &Params) -> Value {
    let wanted = |entry: &&Value| {
        params
            .text("event")
            .is_none_or(|id| entry.text("event") == id)
            && params
                .text("type")
                .is_none_or(|kind| entry.text("type") == kind)
    };
    let log: Vec<&Value> = state.hooks.log().filter(wanted).collect();
    json!({ "quiet": state.hooks.quiet(), "deliveries": log })
}

/// Loses, repeats, delays, shuffles, holds, releases or sends again.
pub fn webhooks(state: &mut State, what: &str, params: &Params) -> Result<Value, Failure> {
    let count = params.int("count")?.unwrap_or(1);
    let count = u64::try_from(count)
        .map_err(|_| Failure::invalid("The count cannot be negative.").param("count"))?;
    let mischief = &mut state.hooks.mischief;
    match what {
        "lose" => mischief.lose = count,
        "repeat" => {
            let times = params
                .int("times")?
                .and_then(|times| u64::try_from(times).ok())
                .unwrap_or(1);
            mischief.repeat = (count, times);
        }
        "delay" => mischief.delay = (count, params.need_int("ms")?),
        "shuffle" => mischief.shuffle = count,
        "hold" => mischief.hold = true,
        "release" => state.hooks.release(),
        "resend" => {
            let sent = state.resend(params.need("event")?)?;
            return Ok(json!({ "sent": sent }));
        }
        other => return Err(Failure::no_route("POST", &format!("webhooks/{other}"))),
    }
    let mischief = &state.hooks.mischief;
    Ok(json!({
        "lose": mischief.lose, "repeat": mischief.repeat.0, "delay": mischief.delay.0,
        "shuffle": mischief.shuffle, "hold": mischief.hold,
    }))
}
