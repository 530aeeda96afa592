//! The key, what may be done with it, and the account that a request is about.

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{error::Failure, fields::Fields, state::State};

/// Whoever asks.
#[derive(Debug)]
pub struct Caller {
    /// The account that the request may act for.
    pub scope: String,
    /// With the publishable key, as a page does: sees less.
    pub public: bool,
}

/// Judges the key; takes out of the parameters what was only sent to prove something.
pub fn caller(
    state: &State,
    headers: &HeaderMap,
    (method, path): (&str, &[String]),
    params: &mut Value,
) -> Result<Caller, Failure> {
    let sent = params.maybe("key").map(str::to_owned);
    let bearer = key(headers).or(sent);
    if bearer.as_deref() != Some(state.options.publishable_key.as_str()) {
        return Ok(Caller {
            scope: scope_of(state, headers)?,
            public: false,
        });
    }
    let secret = params.text("client_secret").to_owned();
    if let Some(map) = params.as_object_mut() {
        map.remove("key");
        map.remove("client_secret");
    }
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let intent = match (method, path.as_slice()) {
        ("GET", ["payment_intents", id]) | ("POST", ["payment_intents", id, "confirm"]) => {
            state.load(id)
        }
        _ => {
            return Err(Failure::forbidden(
                "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
            )
            .code("secret_key_required"));
        }
    };
    if secret.is_empty() {
        return Err(Failure::needs("client_secret"));
    }
    if intent.text("client_secret") != secret {
        let id = path.get(1).copied().unwrap_or_default();
        return Err(Failure::missing("payment_intent", id).param("intent"));
    }
    Ok(Caller {
        scope: state.scope_of(intent.text("id")),
        public: true,
    })
}

/// What a page may see of an intent.
const SHOWN: &[&str] = &[
    "id",
    "object",
    "amount",
    "amount_details",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "capture_method",
    "client_secret",
    "confirmation_method",
    "created",
    "currency",
    "description",
    "last_payment_error",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_types",
    "processing",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "source",
    "status",
];

/// Takes away from an answer, or from the error in it, what a page may not see.
pub fn shorten(answer: &mut Value) {
    let inner = [
        "/error/payment_intent",
        "/last_payment_error/payment_intent",
    ];
    for pointer in inner {
        if let Some(intent) = answer.pointer_mut(pointer) {
            shorten(intent);
        }
    }
    if answer.text("object") == "payment_intent"
        && let Some(map) = answer.as_object_mut()
    {
        map.retain(|name, _| SHOWN.contains(&name.as_str()));
    }
}

/// The account that the request may act for.
fn scope_of(state: &State, headers: &HeaderMap) -> Result<String, Failure> {
    let key = key(headers).ok_or_else(|| {
        Failure::unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    })?;
    if key != state.options.secret_key {
        let end = key.get(key.len().saturating_sub(4)..).unwrap_or_default();
        return Err(Failure::unauthorized(format!(
            "Invalid API Key provided: sk_test_****{end}"
        )));
    }
    let Some(account) = text(headers, "stripe-account") else {
        return Ok(state.platform.clone());
    };
    match state.find(account) {
        Some(found) if found.text("object") == "account" => Ok(account.to_owned()),
        _ => Err(Failure::forbidden(format!(
            "The provided key does not have access to account '{account}' (or that account does not exist). Application access may have been revoked."
        ))
        .code("account_invalid")),
    }
}

/// A header as text.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .filter(|text| !text.is_empty())
}

fn key(headers: &HeaderMap) -> Option<String> {
    let value = text(headers, "authorization")?;
    if let Some(key) = value.strip_prefix("Bearer ") {
        return Some(key.trim().to_owned());
    }
    let decoded = STANDARD.decode(value.strip_prefix("Basic ")?.trim()).ok()?;
    let pair = String::from_utf8(decoded).ok()?;
    pair.split(':').next().map(str::to_owned)
}
