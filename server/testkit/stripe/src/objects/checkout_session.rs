//! `checkout.session`, in the mode `payment`.

use serde_json::{Value, json};

use crate::state::letters;

/// An open session with a hosted page. What the request says is laid over it.
pub fn new(now: i64, url: &str, total: i64, currency: &str) -> Value {
    let id = format!("cs_test_a1{}", letters(56));
    json!({
        "id": id, "object": "checkout.session", "allowed_payment_method_types": null, "adaptive_pricing": { "enabled": false },
        "after_expiration": null, "allow_promotion_codes": null, "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": null, "cancel_url": null, "client_reference_id": null,
        "client_secret": null,
        "collected_information": { "business_name": null, "individual_name": null, "shipping_details": null },
        "consent": null, "consent_collection": null, "created": now, "currency": currency,
        "currency_conversion": null, "custom_fields": [],
        "custom_text": {
            "after_submit": null, "shipping_address": null, "submit": null,
            "terms_of_service_acceptance": null,
        },
        "customer": null, "customer_account": null, "customer_creation": "if_required",
        "customer_details": null, "customer_email": null, "discounts": [],
        "expires_at": now + 86_400, "integration_identifier": null, "invoice": null,
        "invoice_creation": {
            "enabled": false,
            "invoice_data": {
                "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null,
                "issuer": null, "metadata": {}, "rendering_options": null,
            },
        },
        "livemode": false, "locale": null, "managed_payments": { "enabled": false }, "metadata": {},
        "mode": "payment", "origin_context": null, "payment_intent": null, "payment_link": null,
        "payment_method_collection": "if_required", "payment_method_configuration_details": null,
        "payment_method_options": {}, "payment_method_types": ["card"], "payment_status": "unpaid",
        "permissions": null, "phone_number_collection": { "enabled": false },
        "recovered_from": null, "saved_payment_method_options": null, "setup_intent": null,
        "shipping_address_collection": null, "shipping_cost": null, "shipping_options": [],
        "status": "open", "submit_type": null, "subscription": null, "success_url": null,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page", "url": format!("{url}/c/pay/{id}"), "wallet_options": null,
    })
}

/// A line of the session's basket.
pub fn item(
    name: &str,
    description: Option<&str>,
    unit: i64,
    quantity: i64,
    currency: &str,
    now: i64,
) -> Value {
    let total = unit * quantity;
    json!({
        "id": format!("li_1{}", letters(23)), "object": "item", "adjustable_quantity": null,
        "amount_discount": 0, "amount_subtotal": total, "amount_tax": 0, "amount_total": total,
        "currency": currency, "description": name, "metadata": {},
        "price": {
            "id": format!("price_1{}", letters(23)), "object": "price", "active": false,
            "billing_scheme": "per_unit", "created": now, "currency": currency,
            "custom_unit_amount": null, "livemode": false, "lookup_key": null, "metadata": {},
            "nickname": description, "product": format!("prod_{}", letters(14)), "recurring": null,
            "tax_behavior": "unspecified", "tiers_mode": null, "transform_quantity": null,
            "type": "one_time", "unit_amount": unit, "unit_amount_decimal": unit.to_string(),
        },
        "quantity": quantity,
    })
}
