//! `/v1/account_links`.

use serde_json::json;

use super::{Answer, unknown};
use crate::{
    error::Failure,
    fields::Fields,
    http::Call,
    state::{State, letters},
};

/// Seconds that a link can be followed.
const LIFE: i64 = 300;

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    let ("POST", []) = (call.method.as_str(), &call.route().1[1..]) else {
        return Err(unknown(call));
    };
    params.only(&[
        "account",
        "type",
        "return_url",
        "refresh_url",
        "collect",
        "collection_options",
    ])?;
    let id = params.need("account")?;
    let account = state
        .find(id)
        .filter(|found| found.text("object") == "account");
    if account.is_none() || id == state.platform {
        return Err(Failure::invalid(format!("No such account: '{id}'"))
            .code("resource_missing")
            .param("account"));
    }
    params.need("type")?;
    params.word("type", &["account_onboarding", "account_update"])?;
    let (back, again) = (params.need("return_url")?, params.need("refresh_url")?);
    for (url, name) in [(back, "return_url"), (again, "refresh_url")] {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(Failure::invalid("Not a valid URL")
                .code("url_invalid")
                .param(name));
        }
    }
    let link = letters(12);
    let (now, ends) = (state.now(), state.now() + LIFE);
    let facts = json!({ "link": link, "return_url": back, "refresh_url": again, "ends": ends });
    state.hide(id, "onboarding", facts);
    let url = format!("{}/setup/e/{id}/{link}", state.url);
    Ok(json!({ "object": "account_link", "created": now, "expires_at": ends, "url": url }))
}
