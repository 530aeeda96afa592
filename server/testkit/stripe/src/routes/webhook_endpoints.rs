//! `/v1/webhook_endpoints`.

use serde_json::{Value, json};

use super::{Answer, deleted, list, unknown};
use crate::{
    error::Failure,
    fields::Fields,
    http::Call,
    options::Hears,
    state::{API_VERSION, State, letters},
};

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("POST", []) => create(state, call),
        ("GET", []) => {
            params.only(&list::known(&[]))?;
            list::page(state, call, "webhook_endpoint", |_| true)
        }
        ("GET", [id]) => find(state, call, id),
        ("POST", [id]) => {
            params.only(&[
                "url",
                "enabled_events",
                "description",
                "metadata",
                "disabled",
            ])?;
            let mut endpoint = find(state, call, id)?;
            params.copy(&["url", "enabled_events", "description"], &mut endpoint);
            endpoint.set("metadata", params.metadata(&endpoint["metadata"])?);
            if let Some(disabled) = params.flag("disabled")? {
                endpoint.set("status", if disabled { "disabled" } else { "enabled" });
            }
            state.save(&endpoint);
            Ok(endpoint)
        }
        ("DELETE", [id]) => {
            find(state, call, id)?;
            state.remove(id);
            Ok(deleted("webhook_endpoint", id))
        }
        _ => Err(unknown(call)),
    }
}

fn find(state: &State, call: &Call, id: &str) -> Answer {
    state
        .get(&call.scope, "webhook_endpoint", id)
        .map_err(|_| Failure::missing("webhook endpoint", id).param("webhook_endpoint"))
}

fn create(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    params.only(&[
        "url",
        "enabled_events",
        "description",
        "metadata",
        "connect",
        "api_version",
    ])?;
    let url = params.need("url")?;
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(
            Failure::invalid("Invalid URL: must start with http:// or https://")
                .code("url_invalid")
                .param("url"),
        );
    }
    let kinds = params.texts("enabled_events");
    if kinds.is_empty() {
        return Err(Failure::needs("enabled_events"));
    }
    let secret = format!("whsec_{}", letters(32));
    let mut endpoint = json!({
        "id": format!("we_1{}", letters(23)), "object": "webhook_endpoint",
        "api_version": params.text("api_version").unwrap_or(API_VERSION), "application": null,
        "created": state.now(), "description": params.text("description"),
        "enabled_events": kinds, "livemode": false, "metadata": params.metadata(&Value::Null)?,
        "status": "enabled", "url": url,
    });
    let hears = if params.flag("connect")? == Some(true) {
        Hears::Connected
    } else {
        Hears::Platform
    };
    let id = endpoint.text("id").to_owned();
    state.insert(&call.scope, endpoint.clone());
    state.hide(&id, "secret", secret.clone());
    state.hide(&id, "hears", hears.word());
    // The secret is told once.
    endpoint.set("secret", secret);
    Ok(endpoint)
}
