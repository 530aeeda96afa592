//! `payment_method`, and what a charge says of the method it was made with.

use serde_json::{Value, json};

use crate::{cards, fields::Fields, objects::no_address, state::letters};

/// Nobody's name and address.
pub fn no_billing() -> Value {
    json!({ "address": no_address(), "email": null, "name": null, "phone": null, "tax_id": null })
}

fn new(now: i64, kind: &str, billing: Value) -> Value {
    json!({
        "id": format!("pm_1{}", letters(23)), "object": "payment_method",
        "allow_redisplay": "unspecified", "billing_details": billing, "created": now,
        "customer": null, "customer_account": null, "livemode": false, "metadata": {}, "type": kind,
    })
}

/// A card.
pub fn card(now: i64, number: &str, month: i64, year: i64, billing: Value) -> Value {
    let brand = cards::brand(number);
    let mut method = new(now, "card", billing);
    method.set(
        "card",
        json!({
            "brand": brand,
            "checks": {
                "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "unchecked",
            },
            "country": cards::country(number), "display_brand": brand, "exp_month": month,
            "exp_year": year, "fingerprint": fingerprint(number), "funding": "credit",
            "generated_from": null, "last4": last4(number),
            "networks": { "available": [brand], "preferred": null }, "regulated_status": "unregulated",
            "three_d_secure_usage": { "supported": true }, "wallet": null,
        }),
    );
    method
}

/// A bank account that is debited by SEPA.
pub fn sepa_debit(now: i64, iban: &str, billing: Value) -> Value {
    let mut method = new(now, "sepa_debit", billing);
    method.set(
        "sepa_debit",
        json!({
            "bank_code": iban.get(4..12), "branch_code": "", "country": iban.get(..2),
            "fingerprint": fingerprint(iban), "generated_from": { "charge": null, "setup_attempt": null },
            "last4": last4(iban),
        }),
    );
    method
}

/// What a charge says of its method.
pub fn details(method: &Value, three_d_secure: bool, capturable: i64) -> Value {
    if method.text("type") != "card" {
        let mut debit = method["sepa_debit"].clone();
        debit
            .as_object_mut()
            .map(|map| map.remove("generated_from"));
        debit.set("mandate", format!("mandate_1{}", letters(23)));
        debit.set("expected_debit_date", Value::Null);
        return json!({ "type": "sepa_debit", "sepa_debit": debit });
    }
    let card = &method["card"];
    let secure = three_d_secure.then(|| {
        json!({
            "authentication_flow": "challenge", "electronic_commerce_indicator": "05",
            "exemption_indicator": null, "result": "authenticated", "result_reason": null,
            "transaction_id": letters(28), "version": "2.2.0",
        })
    });
    json!({
        "type": "card",
        "card": {
            "amount_authorized": capturable, "authorization_code": "123456", "brand": card["brand"],
            "checks": {
                "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass",
            },
            "country": card["country"], "exp_month": card["exp_month"], "exp_year": card["exp_year"],
            "extended_authorization": { "status": "disabled" }, "fingerprint": card["fingerprint"],
            "funding": card["funding"], "incremental_authorization": { "status": "unavailable" },
            "installments": null, "last4": card["last4"], "mandate": null,
            "multicapture": { "status": "unavailable" }, "network": card["brand"],
            "network_token": { "used": false }, "network_transaction_id": letters(15),
            "overcapture": { "maximum_amount_capturable": capturable, "status": "unavailable" },
            "regulated_status": "unregulated", "three_d_secure": secure, "transaction_link_id": null,
            "wallet": null,
        },
    })
}

fn last4(number: &str) -> &str {
    number
        .get(number.len().saturating_sub(4)..)
        .unwrap_or_default()
}

/// The same number gives the same letters, which do not tell the number.
fn fingerprint(number: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(number.as_bytes());
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
