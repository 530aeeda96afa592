//! Making events and finding who wants them.

use serde_json::{Value, json};

use crate::{
    error::Failure,
    fields::Fields,
    options::WebhookTarget,
    state::{API_VERSION, State, letters, real_millis},
    webhooks::hooks::Delivery,
};

impl State {
    /// Announces what happened to an object, as it is at this moment.
    pub fn emit(&mut self, kind: &str, object: &Value, previous: Option<Value>) {
        let scope = match object.text("object") {
            "account" => object.text("id").to_owned(),
            _ => self.scope_of(object.text("id")),
        };
        let endpoints = self.listeners(&scope, kind);
        let id = format!("evt_1{}", letters(23));
        let mut data = json!({ "object": object });
        if let Some(previous) = previous {
            data.set("previous_attributes", previous);
        }
        let mut event = json!({
            "id": id, "object": "event", "api_version": API_VERSION, "created": self.now(),
            "data": data, "livemode": false, "pending_webhooks": endpoints.len(),
            "request": { "id": self.request.0, "idempotency_key": self.request.1 }, "type": kind,
        });
        if scope != self.platform {
            event.set("account", scope.clone());
        }
        self.insert(&scope, event.clone());
        for endpoint in endpoints {
            self.send(&event, &endpoint);
        }
    }

    /// Sends an event once more to everybody who wants it.
    pub fn resend(&mut self, id: &str) -> Result<usize, Failure> {
        let event = self
            .find(id)
            .filter(|event| event.text("object") == "event")
            .cloned();
        let event = event.ok_or_else(|| Failure::missing("event", id))?;
        let endpoints = self.listeners(&self.scope_of(id), event.text("type"));
        for endpoint in &endpoints {
            self.send(&event, endpoint);
        }
        Ok(endpoints.len())
    }

    fn send(&mut self, event: &Value, endpoint: &Value) {
        let payload = serde_json::to_string_pretty(event).unwrap_or_default();
        let delivery = Delivery {
            number: 0,
            endpoint: endpoint.text("id").to_owned(),
            event: event.text("id").to_owned(),
            url: endpoint.text("url").to_owned(),
            secret: self.hidden(endpoint.text("id")).text("secret").to_owned(),
            payload,
            attempts: 0,
            not_before: real_millis(),
        };
        self.hooks.push(delivery, event.text("type"));
    }

    fn listeners(&self, scope: &str, kind: &str) -> Vec<Value> {
        let own = scope == self.platform;
        let wants = |endpoint: &&Value| {
            let hears = self.hidden(endpoint.text("id")).text("hears");
            let whose = hears == "both" || (hears == "platform") == own;
            let kinds = endpoint["enabled_events"].as_array().into_iter().flatten();
            let named = kinds.into_iter().any(|known| known == "*" || known == kind);
            whose && named && endpoint.text("status") == "enabled"
        };
        self.every("webhook_endpoint")
            .filter(wants)
            .cloned()
            .collect()
    }
}

/// Makes an endpoint that exists from the start and hears everything.
pub fn register(state: &mut State, target: &WebhookTarget) {
    let endpoint = json!({
        "id": format!("we_1{}", letters(23)), "object": "webhook_endpoint",
        "api_version": API_VERSION, "application": null, "created": state.now(),
        "description": null, "enabled_events": ["*"], "livemode": false, "metadata": {},
        "status": "enabled", "url": target.url,
    });
    let id = endpoint.text("id").to_owned();
    state.insert(&state.platform.clone(), endpoint);
    state.hide(&id, "secret", target.secret.clone());
    state.hide(&id, "hears", target.hears.word());
}
