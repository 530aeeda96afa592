//! The page where the card's bank asks its holder.

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State as Shared},
    http::StatusCode,
    response::Response,
};
use serde_json::Value;

use super::frame::{go, missing, page, text};
use crate::{
    fields::Fields,
    flow::{pay, session},
    form,
    http::App,
    money::shown,
    state::State,
};

/// In a frame of the page that asks for the money, nobody is sent anywhere: that page is told.
const IN_FRAME: &str = "in=frame";

/// Shows the page.
pub async fn show(
    Shared(app): Shared<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let state = app.lock();
    let intent = state.load(&id);
    if intent.text("object") != "payment_intent" {
        return missing();
    }
    if intent.text("status") != "requires_action" {
        return on(&state, &intent, query.as_deref());
    }
    let amount = shown(intent.int("amount"), intent.text("currency"));
    let body = format!(
        "<p>Your bank asks whether you want to pay <strong>{}</strong>.</p><form method=\"post\"><button class=\"main\" name=\"answer\" value=\"complete\">Complete</button><button name=\"answer\" value=\"fail\">Fail</button></form>",
        text(&amount)
    );
    page(StatusCode::OK, "3D Secure 2 Test Page", &body)
}

/// Takes the holder's answer and sends the browser on.
pub async fn answer(
    Shared(app): Shared<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    let mut state = app.lock();
    let agreed = form::parse(&body).text("answer") == "complete";
    if let Err(failure) = pay::answer_challenge(&mut state, &id, agreed) {
        tracing::debug!(error = %failure.error, "the challenge did not end in a payment");
    }
    let intent = state.load(&id);
    if intent.is_null() {
        return missing();
    }
    on(&state, &intent, query.as_deref())
}

fn on(state: &State, intent: &Value, query: Option<&str>) -> Response {
    if query != Some(IN_FRAME) {
        return go(&next(state, intent));
    }
    let told = "<p>One moment\u{2026}</p><script>parent.postMessage({ double: \"challenge\" }, \"*\")</script>";
    page(StatusCode::OK, "3D Secure 2 Test Page", told)
}

/// Back to the session's page or on to the shop; an intent without a session has its own address.
fn next(state: &State, intent: &Value) -> String {
    let hidden = state.hidden(intent.text("id"));
    let well = ["succeeded", "processing", "requires_capture"].contains(&intent.text("status"));
    if let Some(id) = hidden.maybe("session") {
        return if well {
            session::success_url(state, id)
        } else {
            format!("{}/c/pay/{id}", state.url)
        };
    }
    let base = hidden.maybe("return_url").unwrap_or(&state.url);
    let join = if base.contains('?') { '&' } else { '?' };
    format!(
        "{base}{join}payment_intent={}&payment_intent_client_secret={}&redirect_status={}",
        intent.text("id"),
        intent.text("client_secret"),
        if well { "succeeded" } else { "failed" }
    )
}
