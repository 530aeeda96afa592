//! Confirming an intent: the method is charged, declined, challenged, or debited later.

use serde_json::{Value, json};

use crate::{
    cards::{self, Behaviour},
    error::Failure,
    fields::Fields,
    flow::{method, session, settle, wrong_state},
    objects::charge,
    state::{Due, State, letters},
};

/// The statuses in which an intent may be confirmed.
pub const CONFIRMABLE: &str = "requires_payment_method, requires_confirmation, requires_action";

/// Charges the intent's method. The answer is the intent; a declined card is a failure, noted in it.
pub fn confirm(state: &mut State, id: &str, return_url: Option<&str>) -> Result<Value, Failure> {
    let mut intent = state.load(id);
    if !CONFIRMABLE
        .split(", ")
        .any(|status| status == intent.text("status"))
    {
        return Err(wrong_state(&intent, "confirmed", CONFIRMABLE));
    }
    let Some(method_id) = intent.maybe("payment_method").map(str::to_owned) else {
        return Err(Failure::invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
        )
        .code("payment_intent_unexpected_state")
        .with("payment_intent", intent.clone())
        .begun());
    };
    if let Some(url) = return_url {
        state.hide(id, "return_url", url);
    }
    intent.set("last_payment_error", Value::Null);
    intent.set("next_action", Value::Null);
    state.save(&intent);
    let used = state.load(&method_id);
    match cards::behaviour(&method::number(state, &method_id)) {
        Behaviour::Declines(code, decline_code) => Err(decline(state, id, code, decline_code)),
        Behaviour::Challenge(_) => Ok(challenge(state, id)),
        Behaviour::Debit { slow, paid, .. } => Ok(debit(state, intent, &used, slow, paid)),
        Behaviour::Succeeds
        | Behaviour::AvailableAtOnce
        | Behaviour::Disputed(_)
        | Behaviour::RefundWaits
        | Behaviour::RefundFails => Ok(approve(state, id, false)),
    }
}

/// The answer of the holder on the bank's page.
pub fn answer_challenge(state: &mut State, id: &str, agreed: bool) -> Result<Value, Failure> {
    let intent = state.load(id);
    if intent.text("status") != "requires_action" {
        return Err(wrong_state(&intent, "authenticated", "requires_action"));
    }
    if !agreed {
        return Err(refuse(
            state,
            id,
            None,
            Failure::card(
                "payment_intent_authentication_failure",
                "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
            ),
        ));
    }
    let number = method::number(state, intent.text("payment_method"));
    match cards::behaviour(&number) {
        Behaviour::Challenge(Some(decline_code)) => {
            Err(decline(state, id, "card_declined", decline_code))
        }
        _ => Ok(approve(state, id, true)),
    }
}

fn challenge(state: &mut State, id: &str) -> Value {
    let mut intent = state.load(id);
    intent.set("status", "requires_action");
    let url = format!("{}/c/3ds/{id}", state.url);
    let return_url = state.hidden(id)["return_url"].clone();
    if return_url.is_null() {
        intent.set(
            "next_action",
            json!({
                "type": "use_stripe_sdk",
                "use_stripe_sdk": {
                    "type": "three_d_secure_redirect", "stripe_js": url, "source": format!("payatt_3{}", letters(23)),
                },
            }),
        );
    } else {
        let redirect = json!({ "url": url, "return_url": return_url });
        intent.set(
            "next_action",
            json!({ "type": "redirect_to_url", "redirect_to_url": redirect }),
        );
    }
    state.save(&intent);
    state.emit("payment_intent.requires_action", &intent, None);
    intent
}

fn approve(state: &mut State, id: &str, three_d_secure: bool) -> Value {
    let mut intent = state.load(id);
    let scope = state.scope_of(id);
    let used = state.load(intent.text("payment_method"));
    let mut made = charge::new(state.now(), &state.url, &intent, &used, three_d_secure);
    made.set("status", "succeeded");
    made.set("paid", true);
    intent.set("latest_charge", made["id"].clone());
    intent.set("next_action", Value::Null);
    if manual(&intent) {
        made["payment_method_details"]["card"].set("capture_before", state.now() + 7 * 86_400);
        intent.set("status", "requires_capture");
        intent.set("amount_capturable", intent.int("amount"));
        state.insert(&scope, made.clone());
        state.save(&intent);
        state.emit("charge.succeeded", &made, None);
        state.emit("payment_intent.amount_capturable_updated", &intent, None);
        session::paid(state, &intent);
        return intent;
    }
    made.set("captured", true);
    made.set("amount_captured", made.int("amount"));
    state.insert(&scope, made.clone());
    settle::succeed(state, &intent, &made)
}

fn debit(state: &mut State, mut intent: Value, used: &Value, slow: bool, paid: bool) -> Value {
    let id = intent.text("id").to_owned();
    let scope = state.scope_of(&id);
    let made = charge::new(state.now(), &state.url, &intent, used, false);
    intent.set("status", "processing");
    intent.set("latest_charge", made["id"].clone());
    state.insert(&scope, made.clone());
    state.save(&intent);
    state.emit("payment_intent.processing", &intent, None);
    state.emit("charge.pending", &made, None);
    session::paid(state, &intent);
    let wait = if slow {
        state.options.slow_debit_seconds
    } else {
        0
    };
    state.later(wait, Due::Debit(id, paid));
    intent
}

/// Whether the money is only held until it is captured.
pub fn manual(intent: &Value) -> bool {
    intent.text("capture_method") == "manual"
}

fn decline(state: &mut State, id: &str, code: &str, decline_code: &str) -> Failure {
    let intent = state.load(id);
    let scope = state.scope_of(id);
    let used = state.load(intent.text("payment_method"));
    let mut failed = charge::new(state.now(), &state.url, &intent, &used, false);
    let message = cards::message(decline_code);
    failed.set("status", "failed");
    failed.set("failure_code", code);
    failed.set("failure_message", message);
    failed.set(
        "outcome",
        json!({
            "advice_code": null, "network_advice_code": null, "network_decline_code": "05",
            "network_status": if decline_code == "fraudulent" { "not_sent_to_network" } else { "declined_by_network" },
            "reason": decline_code,
            "seller_message": "The bank did not return any further details with this decline.",
            "type": if decline_code == "fraudulent" { "blocked" } else { "issuer_declined" },
        }),
    );
    if code == "incorrect_cvc" {
        failed["payment_method_details"]["card"]["checks"].set("cvc_check", "fail");
    }
    state.insert(&scope, failed.clone());
    let failure = Failure::card(code, message).with("decline_code", decline_code);
    refuse(state, id, Some(failed), failure)
}

/// Puts an intent back to where it needs a method, and says why.
pub fn refuse(state: &mut State, id: &str, failed: Option<Value>, failure: Failure) -> Failure {
    let mut intent = state.load(id);
    let mut failure = failure;
    if let Some(failed) = &failed {
        intent.set("latest_charge", failed["id"].clone());
        failure = failure.with("charge", failed["id"].clone());
    }
    let used = state.load(intent.text("payment_method"));
    failure = failure.with("payment_method", used);
    let mut last = failure.error.clone();
    last.as_object_mut().map(|map| map.remove("payment_intent"));
    intent.set("last_payment_error", last);
    intent.set("payment_method", Value::Null);
    intent.set("next_action", Value::Null);
    intent.set("status", "requires_payment_method");
    state.save(&intent);
    if let Some(failed) = &failed {
        state.emit("charge.failed", failed, None);
    }
    state.emit("payment_intent.payment_failed", &intent, None);
    failure.with("payment_intent", intent)
}
