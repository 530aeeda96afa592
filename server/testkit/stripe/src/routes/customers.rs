//! `/v1/customers`: as much as payments need.

use serde_json::{Value, json};

use super::{Answer, deleted, list, unknown};
use crate::{
    fields::{Fields, previous},
    http::Call,
    state::{State, letters},
};

const TEXTS: &[&str] = &[
    "email",
    "name",
    "phone",
    "description",
    "address",
    "shipping",
];

/// Answers everything under the address.
pub fn answer(state: &mut State, call: &Call) -> Answer {
    let params = &call.params;
    match (call.method.as_str(), &call.route().1[1..]) {
        ("POST", []) => {
            params.only(&[
                "email",
                "name",
                "phone",
                "description",
                "metadata",
                "address",
                "shipping",
                "preferred_locales",
            ])?;
            let mut made = new(state.now());
            params.copy(TEXTS, &mut made);
            made.set("metadata", params.metadata(&Value::Null)?);
            state.insert(&call.scope, made.clone());
            state.emit("customer.created", &made, None);
            Ok(made)
        }
        ("GET", []) => {
            params.only(&list::known(&["email"]))?;
            list::page(state, call, "customer", |made| {
                list::fits(params, made, &["email"])
            })
        }
        ("GET", [id]) => state.get(&call.scope, "customer", id),
        ("POST", [id]) => {
            let mut made = state.get(&call.scope, "customer", id)?;
            let old = made.clone();
            params.copy(TEXTS, &mut made);
            made.set("metadata", params.metadata(&made["metadata"])?);
            state.save(&made);
            state.emit("customer.updated", &made, Some(previous(&old, &made)));
            Ok(made)
        }
        ("DELETE", [id]) => {
            let made = state.get(&call.scope, "customer", id)?;
            state.emit("customer.deleted", &made, None);
            state.remove(id);
            Ok(deleted("customer", id))
        }
        _ => Err(unknown(call)),
    }
}

fn new(now: i64) -> Value {
    json!({
        "id": format!("cus_{}", letters(14)), "object": "customer", "address": null, "balance": 0,
        "created": now, "currency": null, "default_source": null, "delinquent": false,
        "description": null, "discount": null, "email": null, "invoice_prefix": letters(7).to_uppercase(),
        "invoice_settings": {
            "custom_fields": null, "default_payment_method": null, "footer": null,
            "rendering_options": null,
        },
        "livemode": false, "metadata": {}, "name": null, "next_invoice_sequence": 1, "phone": null,
        "preferred_locales": [], "shipping": null, "tax_exempt": "none", "test_clock": null,
    })
}
