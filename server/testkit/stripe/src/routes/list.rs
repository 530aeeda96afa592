//! Lists, page by page: the newest first. Source: <https://docs.stripe.com/api/pagination>.

use serde_json::{Value, json};

use crate::{error::Failure, fields::Fields, http::Call, params::Params, state::State};

/// The parameters that every list knows.
pub const PAGING: &[&str] = &["limit", "starting_after", "ending_before", "created"];

/// A page of the call's account's objects of a kind.
pub fn page(
    state: &State,
    call: &Call,
    object: &str,
    filter: impl Fn(&Value) -> bool,
) -> Result<Value, Failure> {
    let all: Vec<&Value> = state
        .all(&call.scope, object)
        .filter(|value| filter(value))
        .collect();
    cut(call, all)
}

/// Cuts a page out of all that fits.
pub fn cut(call: &Call, all: Vec<&Value>) -> Result<Value, Failure> {
    let params = &call.params;
    let limit = params.int("limit")?.unwrap_or(10);
    if !(1..=100).contains(&limit) {
        return Err(Failure::invalid(if limit < 1 {
            "This value must be greater than or equal to 1."
        } else {
            "This value must be less than or equal to 100."
        })
        .code("parameter_invalid_integer")
        .param("limit"));
    }
    let limit = usize::try_from(limit).unwrap_or(10);
    let within = Within::from_params(params)?;
    let all: Vec<&Value> = all
        .into_iter()
        .filter(|value| within.holds(value.int("created")))
        .collect();
    let place = |key: &str| -> Result<Option<usize>, Failure> {
        let Some(id) = params.text(key) else {
            return Ok(None);
        };
        let at = all.iter().position(|value| value.text("id") == id);
        at.map(Some)
            .ok_or_else(|| Failure::missing("object", id).param(key))
    };
    let (data, more) = match (place("starting_after")?, place("ending_before")?) {
        (Some(_), Some(_)) => {
            return Err(Failure::invalid(
                "Received both starting_after and ending_before parameters. Please pass in only one.",
            ));
        }
        (Some(after), None) => {
            let rest = &all[after + 1..];
            (&rest[..rest.len().min(limit)], rest.len() > limit)
        }
        (None, Some(before)) => {
            let rest = &all[..before];
            (
                &rest[rest.len().saturating_sub(limit)..],
                rest.len() > limit,
            )
        }
        (None, None) => (&all[..all.len().min(limit)], all.len() > limit),
    };
    Ok(json!({ "object": "list", "data": data, "has_more": more, "url": call.url() }))
}

/// The parameter `created`: a moment, or bounds.
struct Within {
    least: i64,
    most: i64,
}

impl Within {
    fn from_params(params: &Params) -> Result<Self, Failure> {
        if let Some(moment) = params.int("created")? {
            return Ok(Within {
                least: moment,
                most: moment,
            });
        }
        let bounds = params.sub("created");
        let gt = bounds.int("gt")?.map(|gt| gt + 1);
        let lt = bounds.int("lt")?.map(|lt| lt - 1);
        Ok(Within {
            least: bounds.int("gte")?.or(gt).unwrap_or(i64::MIN),
            most: bounds.int("lte")?.or(lt).unwrap_or(i64::MAX),
        })
    }

    fn holds(&self, moment: i64) -> bool {
        (self.least..=self.most).contains(&moment)
    }
}

/// Whether an object has the value that a filter names; a filter that was not sent holds for all.
pub fn fits(params: &Params, value: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| {
        params
            .text(key)
            .is_none_or(|wanted| value.text(key) == wanted)
    })
}

/// [`PAGING`] and the filters of a list.
pub fn known<'a>(filters: &[&'a str]) -> Vec<&'a str> {
    let mut known: Vec<&str> = PAGING.to_vec();
    known.extend(filters);
    known
}
