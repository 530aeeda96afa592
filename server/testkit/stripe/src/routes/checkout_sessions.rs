//! `/v1/checkout/sessions`, in the mode `payment`.

use serde_json::{Value, json};

use super::{
    Answer, connect, list,
    payment_intents::{known_kind, named},
    unknown,
};
use crate::{
    error::Failure,
    fields::{Fields, merge},
    flow::session,
    http::Call,
    money,
    objects::checkout_session,
    params::Params,
    state::{Due, State},
};

const FIELDS: &[&str] = &[
    "allowed_payment_method_types",
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_creation",
    "customer_email",
    "custom_text",
    "expires_at",
    "invoice_creation",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data",
    "payment_method_options",
    "payment_method_types",
    "phone_number_collection",
    "submit_type",
    "success_url",
    "ui_mode",
    "automatic_tax",
    "adaptive_pricing",
    "after_expiration",
    "consent_collection",
    "currency",
    "saved_payment_method_options",
    "tax_id_collection",
    "origin_context",
];
const TEXTS: &[&str] = &[
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_creation",
    "customer_email",
    "locale",
    "submit_type",
    "success_url",
];
const INTENT: &[&str] = &[
    "application_fee_amount",
    "capture_method",
    "description",
    "metadata",
    "on_behalf_of",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
];

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    match (call.method.as_str(), &call.route().1[1..]) {
        ("POST", ["sessions"]) => create(state, call),
        ("GET", ["sessions"]) => {
            let filters = ["payment_intent", "customer", "status"];
            call.params.only(&list::known(&[
                "payment_intent",
                "customer",
                "status",
                "payment_link",
                "subscription",
                "customer_details",
            ]))?;
            list::page(state, call, "checkout.session", |session| {
                list::fits(&call.params, session, &filters)
            })
        }
        ("GET", ["sessions", id]) => find(state, call, id),
        ("POST", ["sessions", id]) => {
            call.params.only(&["metadata"])?;
            let mut session = find(state, call, id)?;
            session.set("metadata", call.params.metadata(&session["metadata"])?);
            state.save(&session);
            Ok(session)
        }
        ("GET", ["sessions", id, "line_items"]) => {
            find(state, call, id)?;
            let items = state.hidden(id)["line_items"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            list::cut(call, items.iter().collect())
        }
        ("POST", ["sessions", id, "expire"]) => {
            find(state, call, id)?;
            session::expire(state, id)
        }
        _ => Err(unknown(call)),
    }
}

fn find(state: &State, call: &Call, id: &str) -> Answer {
    state
        .get(&call.scope, "checkout.session", id)
        .map_err(|_| Failure::missing("checkout.session", id).param("session"))
}

fn create(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    params.only(FIELDS)?;
    if params.need("mode")? != "payment" {
        return Err(Failure::invalid("This double knows the mode `payment` only.").param("mode"));
    }
    params.word("ui_mode", &["hosted", "hosted_page"])?;
    absolute(params.need("success_url")?, "success_url")?;
    if let Some(url) = params.text("cancel_url") {
        absolute(url, "cancel_url")?;
    }
    let (items, total, currency) = basket(params, state.now())?;
    money::chargeable(total, &currency, "line_items")?;
    connect::can_charge(state, &call.scope)?;
    let mut session = checkout_session::new(state.now(), &state.url, total, &currency);
    let intent = intent_data(state, call, total)?;
    params.copy(TEXTS, &mut session);
    if let Some(email) = params.text("customer_email")
        && !email.contains('@')
    {
        return Err(Failure::invalid(format!("Invalid email address: {email}"))
            .code("email_invalid")
            .param("customer_email"));
    }
    session.set("metadata", params.metadata(&Value::Null)?);
    session.set(
        "payment_method_types",
        kinds(params, &currency, intent.text("capture_method"))?,
    );
    let allowed = params.texts("allowed_payment_method_types");
    if !allowed.is_empty() {
        session.set("allowed_payment_method_types", allowed);
    }
    let ends = expiry(params, state.now())?;
    session.set("expires_at", ends);
    if let Some(word) = params.text("ui_mode") {
        session.set("ui_mode", word);
    }
    let id = session.text("id").to_owned();
    state.insert(&call.scope, session.clone());
    state.hide(&id, "line_items", items);
    state.hide(&id, "payment_intent_data", intent);
    state.later(ends - state.now(), Due::Expires(id));
    Ok(session)
}

fn absolute(url: &str, param: &str) -> Result<(), Failure> {
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(());
    }
    Err(Failure::invalid("Not a valid URL")
        .code("url_invalid")
        .param(param))
}

/// Half an hour to a day. Source: <https://docs.stripe.com/api/checkout/sessions/create>.
fn expiry(params: &Params, now: i64) -> Result<i64, Failure> {
    let ends = params.int("expires_at")?.unwrap_or(now + 86_400);
    // A minute of grace for clocks that differ.
    if (now + 29 * 60..=now + 86_400 + 60).contains(&ends) {
        return Ok(ends);
    }
    let message = if ends < now + 86_400 {
        "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
    } else {
        "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
    };
    Err(Failure::invalid(message).param("expires_at"))
}

fn kinds(params: &Params, currency: &str, capture_method: &str) -> Result<Vec<String>, Failure> {
    let mut kinds = named(params);
    if kinds.is_empty() {
        kinds.push("card".to_owned());
        if currency == "eur" && capture_method != "manual" {
            kinds.push("sepa_debit".to_owned());
        }
    }
    for kind in &kinds {
        known_kind(kind, currency, capture_method)?;
    }
    Ok(kinds)
}

/// The lines, their total, and their one currency.
fn basket(params: &Params, now: i64) -> Result<(Value, i64, String), Failure> {
    let lines = params.list("line_items");
    if lines.is_empty() {
        return Err(Failure::needs("line_items"));
    }
    if lines.len() > 100 {
        return Err(
            Failure::invalid("line_items can have at most 100 entries.").param("line_items")
        );
    }
    let mut items = Vec::new();
    let mut total = 0_i64;
    let mut common: Option<String> = None;
    for line in lines {
        line.only(&[
            "price_data",
            "quantity",
            "price",
            "adjustable_quantity",
            "dynamic_tax_rates",
            "tax_rates",
            "metadata",
        ])?;
        let price = line
            .map("price_data")
            .ok_or_else(|| match line.text("price") {
                Some(id) => Failure::missing("price", id).param(&line.name("price")),
                None => Failure::needs(&line.name("price_data")),
            })?;
        let currency = money::currency(price.need("currency")?, &price.name("currency"))?;
        if common.as_ref().is_some_and(|known| *known != currency) {
            return Err(
                Failure::invalid("All line items must have the same currency.").param("line_items"),
            );
        }
        let unit = price.need_int("unit_amount")?;
        let quantity = line.need_int("quantity")?;
        if unit < 0 || quantity < 1 {
            let name = if unit < 0 {
                price.name("unit_amount")
            } else {
                line.name("quantity")
            };
            return Err(
                Failure::invalid("This value must be greater than or equal to 1.")
                    .code("parameter_invalid_integer")
                    .param(&name),
            );
        }
        let product = price.sub("product_data");
        let name = product.need("name")?;
        let item = checkout_session::item(
            name,
            product.text("description"),
            unit,
            quantity,
            &currency,
            now,
        );
        total = total.saturating_add(item.int("amount_total"));
        items.push(item);
        common = Some(currency);
    }
    Ok((Value::Array(items), total, common.unwrap_or_default()))
}

/// What the session's intent will be made with.
fn intent_data(state: &State, call: &Call, total: i64) -> Answer {
    let data = call.params.sub("payment_intent_data");
    data.only(INTENT)?;
    let mut intent = json!({ "metadata": data.metadata(&Value::Null)? });
    merge(
        &mut intent,
        &connect::fields(state, &call.scope, &data, total, &Value::Null)?,
    );
    if let Some(word) = data.word(
        "capture_method",
        &["automatic", "automatic_async", "manual"],
    )? {
        intent.set("capture_method", word);
    }
    let texts = [
        "description",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ];
    data.copy(&texts, &mut intent);
    Ok(intent)
}
