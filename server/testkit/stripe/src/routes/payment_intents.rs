//! `/v1/payment_intents`.

use serde_json::{Value, json};

use super::{Answer, connect, list, unknown};
use crate::{
    error::Failure,
    fields::{Fields, merge},
    flow::{capture, method, pay, wrong_state},
    http::Call,
    money,
    objects::payment_intent,
    params::Params,
    state::State,
};

const FIELDS: &[&str] = &[
    "amount",
    "currency",
    "allowed_payment_method_types",
    "application_fee_amount",
    "automatic_payment_methods",
    "capture_method",
    "confirm",
    "confirmation_method",
    "customer",
    "description",
    "error_on_requires_action",
    "excluded_payment_method_types",
    "mandate_data",
    "metadata",
    "off_session",
    "on_behalf_of",
    "payment_method",
    "payment_method_data",
    "payment_method_options",
    "payment_method_types",
    "receipt_email",
    "return_url",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
    "use_stripe_sdk",
];
const TEXTS: &[&str] = &[
    "customer",
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "shipping",
];
const CONFIRM: &[&str] = &[
    "payment_method",
    "payment_method_data",
    "payment_method_options",
    "payment_method_types",
    "return_url",
    "off_session",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "mandate_data",
    "capture_method",
    "error_on_requires_action",
    "use_stripe_sdk",
];

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    match (call.method.as_str(), &call.route().1[1..]) {
        ("POST", []) => create(state, call),
        ("GET", []) => {
            call.params.only(&list::known(&["customer"]))?;
            list::page(state, call, "payment_intent", |intent| {
                list::fits(&call.params, intent, &["customer"])
            })
        }
        ("GET", [id]) => find(state, call, id),
        ("POST", [id]) => update(state, call, id),
        ("POST", [id, "confirm"]) => confirm(state, call, id),
        ("POST", [id, "capture"]) => {
            call.params.only(&[
                "amount_to_capture",
                "application_fee_amount",
                "metadata",
                "final_capture",
                "statement_descriptor",
                "statement_descriptor_suffix",
                "transfer_data",
            ])?;
            find(state, call, id)?;
            let fee = call.params.int("application_fee_amount")?;
            capture::capture(state, id, call.params.int("amount_to_capture")?, fee)
        }
        ("POST", [id, "cancel"]) => {
            call.params.only(&["cancellation_reason"])?;
            let intent = find(state, call, id)?;
            let reasons = [
                "duplicate",
                "fraudulent",
                "requested_by_customer",
                "abandoned",
            ];
            let reason = call.params.word("cancellation_reason", &reasons)?;
            not_of_a_session(state, &intent, "cancel")?;
            capture::cancel(state, id, reason)
        }
        _ => Err(unknown(call)),
    }
}

fn find(state: &State, call: &Call, id: &str) -> Answer {
    state
        .get(&call.scope, "payment_intent", id)
        .map_err(|_| Failure::missing("payment_intent", id).param("intent"))
}

fn not_of_a_session(state: &State, intent: &Value, step: &str) -> Result<(), Failure> {
    let session = state
        .hidden(intent.text("id"))
        .maybe("session")
        .map(|id| state.load(id));
    if session.is_some_and(|session| session.text("status") == "open") {
        return Err(Failure::invalid(format!(
            "You cannot {step} this PaymentIntent because it was created by Checkout. Expire the Checkout Session instead."
        )));
    }
    Ok(())
}

fn create(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    params.only(FIELDS)?;
    let amount = params.need_int("amount")?;
    let currency = money::currency(params.need("currency")?, "currency")?;
    money::chargeable(amount, &currency, "amount")?;
    connect::can_charge(state, &call.scope)?;
    let mut intent = payment_intent::new(state.now(), amount, &currency);
    let shares = connect::fields(state, &call.scope, params, amount, &Value::Null)?;
    merge(&mut intent, &shares);
    params.copy(TEXTS, &mut intent);
    intent.set("metadata", params.metadata(&Value::Null)?);
    if let Some(word) = params.word(
        "capture_method",
        &["automatic", "automatic_async", "manual"],
    )? {
        intent.set("capture_method", word);
    }
    if let Some(word) = params.word("confirmation_method", &["automatic", "manual"])? {
        intent.set("confirmation_method", word);
    }
    ways(params, &mut intent)?;
    let used = chosen(state, call)?;
    if let Some(used) = &used {
        takes(&intent, used)?;
        intent.set("payment_method", used["id"].clone());
        intent.set("status", "requires_confirmation");
    }
    let confirms = params.flag("confirm")? == Some(true);
    if confirms {
        finds_back(&intent, params)?;
    }
    let id = intent.text("id").to_owned();
    state.insert(&call.scope, intent.clone());
    state.emit("payment_intent.created", &intent, None);
    if confirms {
        return pay::confirm(state, &id, params.text("return_url"));
    }
    Ok(intent)
}

/// Which kinds of methods the intent takes.
fn ways(params: &Params, intent: &mut Value) -> Result<(), Failure> {
    let types = named(params);
    let automatic = params.sub("automatic_payment_methods").flag("enabled")?;
    if !types.is_empty() && automatic == Some(true) {
        return Err(Failure::invalid(
            "You may only specify one of these parameters: automatic_payment_methods, payment_method_types.",
        ));
    }
    if types.is_empty() && automatic != Some(false) {
        // The default of the API since 2023-08-16.
        let redirects = params
            .sub("automatic_payment_methods")
            .text("allow_redirects")
            .unwrap_or("always")
            .to_owned();
        intent.set(
            "automatic_payment_methods",
            json!({ "enabled": true, "allow_redirects": redirects }),
        );
        let direct = intent.text("currency") == "eur" && intent.text("capture_method") != "manual";
        intent.set(
            "payment_method_types",
            if direct {
                json!(["card", "sepa_debit"])
            } else {
                json!(["card"])
            },
        );
        return Ok(());
    }
    let types = if types.is_empty() {
        vec!["card".to_owned()]
    } else {
        types
    };
    for kind in &types {
        known_kind(kind, intent.text("currency"), intent.text("capture_method"))?;
    }
    intent.set("allowed_payment_method_types", types.clone());
    intent.set("payment_method_types", types);
    Ok(())
}

/// The kinds of methods that a request names: since 2026-09-30 by `allowed_payment_method_types`, before
/// that by `payment_method_types`.
pub fn named(params: &Params) -> Vec<String> {
    let mut kinds = params.texts("allowed_payment_method_types");
    kinds.extend(params.texts("payment_method_types"));
    kinds
}

/// Refuses to confirm where the method might send the buyer elsewhere and nobody said where from there.
fn finds_back(intent: &Value, params: &Params) -> Result<(), Failure> {
    let redirects = intent["automatic_payment_methods"].text("allow_redirects") == "always";
    if redirects && params.text("return_url").is_none() {
        return Err(Failure::invalid(
            "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
        )
        .param("return_url"));
    }
    Ok(())
}

/// Refuses kinds of methods that this double does not have, or not for this payment.
pub fn known_kind(kind: &str, currency: &str, capture_method: &str) -> Result<(), Failure> {
    let param = "payment_method_types";
    match kind {
        "card" => Ok(()),
        "sepa_debit" if currency != "eur" => Err(Failure::invalid(format!(
            "The currency provided ({currency}) is invalid for one or more of the payment method types on this PaymentIntent. The payment method type sepa_debit only supports the following currencies: eur."
        ))
        .param(param)),
        "sepa_debit" if capture_method == "manual" => Err(Failure::invalid(
            "The payment method type sepa_debit does not support manual capture.",
        )
        .param(param)),
        "sepa_debit" => Ok(()),
        other => Err(Failure::invalid(format!(
            "The payment method type \"{other}\" is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use."
        ))
        .param(param)),
    }
}

/// The method that the request names or describes.
fn chosen(state: &mut State, call: &Call) -> Result<Option<Value>, Failure> {
    if let Some(id) = call.params.text("payment_method") {
        return method::resolve(state, &call.scope, id).map(Some);
    }
    match call.params.map("payment_method_data") {
        Some(data) => method::from_params(state, &call.scope, &data).map(Some),
        None => Ok(None),
    }
}

fn takes(intent: &Value, used: &Value) -> Result<(), Failure> {
    let kinds = intent["payment_method_types"]
        .as_array()
        .into_iter()
        .flatten();
    if kinds.into_iter().any(|kind| *kind == used["type"]) {
        return Ok(());
    }
    Err(Failure::invalid(format!(
        "The PaymentMethod provided ({}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: {}.",
        used.text("type"),
        intent["payment_method_types"]
    ))
    .code("payment_intent_incompatible_payment_method")
    .param("payment_method"))
}

fn confirm(state: &mut State, call: &Call, id: &str) -> Answer {
    call.params.only(CONFIRM)?;
    let mut intent = find(state, call, id)?;
    if !pay::CONFIRMABLE.contains(intent.text("status")) {
        return Err(wrong_state(&intent, "confirmed", pay::CONFIRMABLE));
    }
    not_of_a_session(state, &intent, "confirm")?;
    connect::can_charge(state, &call.scope)?;
    finds_back(&intent, &call.params)?;
    call.params.copy(TEXTS, &mut intent);
    if let Some(used) = chosen(state, call)? {
        takes(&intent, &used)?;
        intent.set("payment_method", used["id"].clone());
    }
    state.save(&intent);
    pay::confirm(state, id, call.params.text("return_url"))
}

fn update(state: &mut State, call: &Call, id: &str) -> Answer {
    let params = &call.params;
    params.only(FIELDS)?;
    let mut intent = find(state, call, id)?;
    let old = intent.clone();
    let money_changes =
        params.has("amount") || params.has("currency") || params.has("payment_method");
    if money_changes && !pay::CONFIRMABLE.contains(intent.text("status")) {
        return Err(wrong_state(&intent, "updated", pay::CONFIRMABLE));
    }
    let currency = match params.text("currency") {
        Some(text) => money::currency(text, "currency")?,
        None => intent.text("currency").to_owned(),
    };
    let amount = params.int("amount")?.unwrap_or(intent.int("amount"));
    if money_changes {
        money::chargeable(amount, &currency, "amount")?;
    }
    intent.set("amount", amount);
    intent.set("currency", currency);
    let shares = connect::fields(state, &call.scope, params, amount, &old["transfer_data"])?;
    merge(&mut intent, &shares);
    params.copy(TEXTS, &mut intent);
    intent.set("metadata", params.metadata(&old["metadata"])?);
    if let Some(used) = chosen(state, call)? {
        takes(&intent, &used)?;
        intent.set("payment_method", used["id"].clone());
        if intent.text("status") == "requires_payment_method" {
            intent.set("status", "requires_confirmation");
        }
    }
    state.save(&intent);
    Ok(intent)
}
