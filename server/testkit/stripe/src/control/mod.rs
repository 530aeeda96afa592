//! `/_double/…`: what a test asks of the double that nobody can ask of Stripe.
//!
//! Parameters come as a query, a form or JSON. The answer is JSON; what cannot be done is refused with an
//! `error` object like Stripe's.

mod mischief;
mod steps;

use axum::{
    Json, Router,
    body::Bytes,
    extract::State as Shared,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::any,
};
use serde_json::{Value, json};

use crate::{
    error::Failure,
    fields::Fields,
    form,
    http::{App, Fault},
    params::Params,
    state::State,
};

/// The addresses.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/_double", any(answer))
        .route("/_double/", any(answer))
        .route("/_double/{*path}", any(answer))
}

async fn answer(
    Shared(app): Shared<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let json = headers
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let mut values = form::parse(uri.query().unwrap_or_default().as_bytes());
    let sent = if json {
        texts(serde_json::from_slice(&body).unwrap_or_default())
    } else {
        form::parse(&body)
    };
    for (key, value) in sent.as_object().into_iter().flatten() {
        values.set(key, value.clone());
    }
    let path = uri.path().trim_start_matches("/_double").trim_matches('/');
    match act(&mut app.lock(), method.as_str(), path, &Params::new(values)) {
        Ok(value) => Json(value).into_response(),
        Err(failure) => {
            let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, Json(json!({ "error": failure.error }))).into_response()
        }
    }
}

/// Numbers and truth values as the texts that a form would have.
pub fn texts(value: Value) -> Value {
    match value {
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::Object(map) => map
            .into_iter()
            .map(|(key, value)| (key, texts(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(texts).collect(),
        other => other,
    }
}

/// Does what is asked under a path, as `webhooks/lose`.
pub fn act(state: &mut State, method: &str, path: &str, params: &Params) -> Result<Value, Failure> {
    state.request = (None, None);
    state.tick();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let outcome = match (method, parts.as_slice()) {
        ("GET", []) => Ok(about(state)),
        ("GET", ["book"]) => Ok(state.sum_up()),
        ("GET", ["webhooks", "deliveries"]) => Ok(mischief::deliveries(state, params)),
        ("GET", ["objects", id]) => state
            .find(id)
            .cloned()
            .ok_or_else(|| Failure::missing("object", id)),
        ("POST", ["webhooks", what]) => mischief::webhooks(state, what, params),
        ("POST", ["faults"]) => {
            let fault = Fault::from_params(params)?;
            state.faults.push(fault);
            Ok(json!({ "faults": state.faults.len() }))
        }
        ("DELETE", ["faults"]) => {
            state.faults.clear();
            Ok(json!({ "faults": 0 }))
        }
        ("POST", ["reset"]) => {
            state.reset();
            Ok(about(state))
        }
        ("POST", rest) => steps::step(state, rest, params),
        _ => Err(Failure::no_route(method, path)),
    };
    // What a step made due at once has happened when the answer comes.
    state.tick();
    outcome
}

fn about(state: &State) -> Value {
    let hooks: Vec<Value> = state
        .every("webhook_endpoint")
        .map(|endpoint| json!({ "id": endpoint["id"], "url": endpoint["url"] }))
        .collect();
    json!({
        "url": state.url, "secret_key": state.options.secret_key,
        "publishable_key": state.options.publishable_key,
        "webhook_secret": state.options.webhook_secret, "platform": state.platform,
        "now": state.now(), "webhook_endpoints": hooks,
    })
}
