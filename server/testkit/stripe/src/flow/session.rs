//! Checkout sessions: from the hosted page to the end.

use serde_json::{Value, json};

use crate::{
    error::Failure,
    fields::{Fields, merge},
    flow::{method, pay},
    objects::{no_address, payment_intent},
    state::State,
};

/// What the buyer filled in.
#[derive(Debug, Default)]
pub struct Payer {
    /// An e-mail address, if the session did not bring one.
    pub email: String,
    /// The name on the card or of the account.
    pub name: String,
    /// How it is paid.
    pub by: By,
}

/// How a session is paid.
#[derive(Debug)]
pub enum By {
    /// With a card.
    Card(method::Card),
    /// From a bank account.
    Debit(String),
}

impl Default for By {
    fn default() -> Self {
        By::Card(method::Card::default())
    }
}

/// Lets the buyer pay. The answer is where the browser goes next.
pub fn attempt(state: &mut State, id: &str, payer: &Payer) -> Result<String, Failure> {
    let session = state.load(id);
    if session.text("status") != "open" {
        return Err(Failure::invalid("This checkout session is no longer open."));
    }
    let scope = state.scope_of(id);
    let email = session
        .maybe("customer_email")
        .unwrap_or(&payer.email)
        .to_owned();
    if !email.contains('@') {
        return Err(Failure::invalid("Your email is incomplete.").param("email"));
    }
    let kind = if matches!(payer.by, By::Card(_)) {
        "card"
    } else {
        "sepa_debit"
    };
    let taken = session["payment_method_types"]
        .as_array()
        .into_iter()
        .flatten();
    if !taken.into_iter().any(|known| known.as_str() == Some(kind)) {
        return Err(Failure::invalid(
            "This shop does not take this way of paying.",
        ));
    }
    let billing = json!({ "email": email, "name": payer.name });
    let used = match &payer.by {
        By::Card(card) => method::card(state, &scope, card, &billing)?,
        By::Debit(iban) => method::sepa_debit(state, &scope, iban, &billing)?,
    };
    let intent_id = intent_of(state, &session);
    let mut intent = state.load(&intent_id);
    intent.set("payment_method", used["id"].clone());
    state.save(&intent);
    let mut session = state.load(id);
    let mut details = json!({
        "address": no_address(), "business_name": null, "individual_name": null, "name": null,
        "phone": null, "tax_exempt": "none", "tax_ids": [],
    });
    merge(&mut details, &billing);
    session.set("customer_details", details);
    state.save(&session);
    let intent = pay::confirm(state, &intent_id, None)?;
    Ok(match intent.text("status") {
        "requires_action" => format!("{}/c/3ds/{intent_id}", state.url),
        _ => success_url(state, id),
    })
}

/// Where the browser goes after a payment.
pub fn success_url(state: &State, id: &str) -> String {
    state
        .load(id)
        .text("success_url")
        .replace("{CHECKOUT_SESSION_ID}", id)
}

/// The intent of a session, which is made when the buyer first tries to pay.
fn intent_of(state: &mut State, session: &Value) -> String {
    if let Some(id) = session.maybe("payment_intent") {
        return id.to_owned();
    }
    let id = session.text("id");
    let scope = state.scope_of(id);
    let mut intent = payment_intent::new(
        state.now(),
        session.int("amount_total"),
        session.text("currency"),
    );
    let asked = state.hidden(id)["payment_intent_data"].clone();
    merge(&mut intent, &asked);
    intent.set(
        "payment_method_types",
        session["payment_method_types"].clone(),
    );
    intent.set("customer", session["customer"].clone());
    let intent_id = intent.text("id").to_owned();
    state.insert(&scope, intent.clone());
    state.hide(&intent_id, "session", id);
    let mut session = session.clone();
    session.set("payment_intent", intent_id.clone());
    state.save(&session);
    state.emit("payment_intent.created", &intent, None);
    intent_id
}

/// An intent got on; if it belongs to a session, the session does too.
pub fn paid(state: &mut State, intent: &Value) {
    let Some(mut session) = session_of(state, intent) else {
        return;
    };
    let succeeded = intent.text("status") == "succeeded";
    if session.text("status") == "open" {
        session.set("status", "complete");
        session.set("payment_status", if succeeded { "paid" } else { "unpaid" });
        session.set("url", Value::Null);
        state.save(&session);
        state.emit("checkout.session.completed", &session, None);
    } else if succeeded && session.text("payment_status") == "unpaid" && !pay::manual(intent) {
        session.set("payment_status", "paid");
        state.save(&session);
        state.emit("checkout.session.async_payment_succeeded", &session, None);
    }
}

/// What a session held was captured.
pub fn captured(state: &mut State, intent: &Value) {
    if let Some(mut session) = session_of(state, intent) {
        session.set("payment_status", "paid");
        state.save(&session);
    }
}

/// A session's bank debit was not paid.
pub fn debit_failed(state: &mut State, intent: &Value) {
    if let Some(session) = session_of(state, intent) {
        state.emit("checkout.session.async_payment_failed", &session, None);
    }
}

/// Closes a session that nobody paid.
pub fn expire(state: &mut State, id: &str) -> Result<Value, Failure> {
    let mut session = state.load(id);
    let status = session.text("status").to_owned();
    if status != "open" {
        return Err(Failure::invalid(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of {status}."
        )));
    }
    session.set("status", "expired");
    session.set("url", Value::Null);
    state.save(&session);
    if let Some(intent) = session.maybe("payment_intent") {
        // An intent that was tried and declined ends with its session.
        let ended = super::capture::cancel(state, intent, Some("expired"));
        if let Err(failure) = ended {
            tracing::debug!(error = %failure.error, "the intent of an expired session stays as it is");
        }
    }
    state.emit("checkout.session.expired", &session, None);
    Ok(session)
}

fn session_of(state: &State, intent: &Value) -> Option<Value> {
    let id = state.hidden(intent.text("id")).maybe("session")?.to_owned();
    state.find(&id).cloned()
}
