//! `account`: the platform's own and those connected to it.

use serde_json::{Value, json};

use crate::{
    fields::Fields,
    objects::{list, no_address},
    state::{State, letters},
};

/// What a new account must still tell.
pub const DUE_AT_FIRST: &[&str] = &[
    "business_profile.mcc",
    "business_profile.url",
    "business_type",
    "external_account",
    "representative.dob.day",
    "representative.dob.month",
    "representative.dob.year",
    "representative.first_name",
    "representative.last_name",
    "tos_acceptance.date",
    "tos_acceptance.ip",
];

/// An account that has told nothing yet.
pub fn new(now: i64, country: &str, currency: &str, kind: &str) -> Value {
    let id = format!("acct_1{}", letters(15));
    let kind_of_dashboard = if kind == "custom" {
        "none"
    } else if kind == "standard" {
        "full"
    } else {
        "express"
    };
    json!({
        "id": id, "object": "account",
        "business_profile": {
            "annual_revenue": null, "estimated_worker_count": null, "mcc": null,
            "minority_owned_business_designation": null, "name": null, "product_description": null,
            "support_address": null, "support_email": null, "support_phone": null,
            "support_url": null, "url": null,
        },
        "business_type": null, "capabilities": {}, "charges_enabled": false,
        "controller": {
            "fees": { "payer": if kind == "standard" { "account" } else { "application" } },
            "is_controller": true,
            "losses": { "payments": if kind == "standard" { "stripe" } else { "application" } },
            "requirement_collection": if kind == "custom" { "application" } else { "stripe" },
            "stripe_dashboard": { "type": kind_of_dashboard }, "type": "application",
        },
        "country": country, "created": now, "default_currency": currency,
        "details_submitted": false, "email": null,
        "external_accounts": list(&format!("/v1/accounts/{id}/external_accounts"), Vec::new()),
        "future_requirements": requirements(&[], None), "metadata": {}, "payouts_enabled": false,
        "requirements": requirements(DUE_AT_FIRST, Some("requirements.past_due")),
        "settings": settings(),
        "tos_acceptance": { "date": null, "ip": null, "user_agent": null }, "type": kind,
    })
}

/// What is asked for, and why the account may not do everything yet.
pub fn requirements(due: &[&str], disabled: Option<&str>) -> Value {
    let past = if disabled == Some("requirements.past_due") {
        due
    } else {
        &[]
    };
    json!({
        "alternatives": [], "current_deadline": null, "currently_due": due,
        "disabled_reason": disabled, "errors": [], "eventually_due": due, "past_due": past,
        "pending_verification": [],
    })
}

fn settings() -> Value {
    json!({
        "bacs_debit_payments": { "display_name": null, "service_user_number": null },
        "branding": { "icon": null, "logo": null, "primary_color": null, "secondary_color": null },
        "card_issuing": { "tos_acceptance": { "date": null, "ip": null } },
        "card_payments": {
            "decline_on": { "avs_failure": false, "cvc_failure": false },
            "statement_descriptor_prefix": null, "statement_descriptor_prefix_kana": null,
            "statement_descriptor_prefix_kanji": null,
        },
        "dashboard": { "display_name": null, "timezone": "Etc/UTC" },
        "invoices": { "default_account_tax_ids": null, "hosted_payment_method_save": "offer" },
        "payments": {
            "statement_descriptor": null, "statement_descriptor_kana": null,
            "statement_descriptor_kanji": null, "statement_descriptor_prefix_kana": null,
            "statement_descriptor_prefix_kanji": null,
        },
        "payouts": {
            "debit_negative_balances": true,
            "schedule": { "delay_days": 7, "interval": "daily" }, "statement_descriptor": null,
        },
        "sepa_debit_payments": {},
    })
}

/// The platform's own account.
pub fn platform(state: &State) -> Value {
    let mut account = new(
        state.now(),
        &state.options.country,
        &state.options.currency,
        "standard",
    );
    account.set("id", state.platform.clone());
    account.set("charges_enabled", true);
    account.set("payouts_enabled", true);
    account.set("details_submitted", true);
    account.set("controller", json!({ "type": "account" }));
    account.set("requirements", requirements(&[], None));
    account.set("capabilities", json!({ "card_payments": "active", "sepa_debit_payments": "active", "transfers": "active" }));
    account["business_profile"].set("name", "Double");
    account["business_profile"].set("support_address", no_address());
    account
}

/// A bank account for payouts.
pub fn bank(
    account: &str,
    country: &str,
    currency: &str,
    number: &str,
    holder: Option<&str>,
) -> Value {
    let last4 = number
        .get(number.len().saturating_sub(4)..)
        .unwrap_or_default();
    json!({
        "id": format!("ba_1{}", letters(23)), "object": "bank_account", "account": account,
        "account_holder_name": holder, "account_holder_type": null, "account_type": null,
        "available_payout_methods": ["standard"], "bank_name": "STRIPE TEST BANK",
        "country": country, "currency": currency, "customer": null, "default_for_currency": true,
        "fingerprint": letters(16), "future_requirements": requirements(&[], None),
        "last4": last4, "metadata": {}, "requirements": requirements(&[], None),
        "routing_number": null, "status": "new",
    })
}
