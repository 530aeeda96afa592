//! `dispute`.

use serde_json::{Map, Value, json};

use crate::{fields::Fields, state::letters};

/// The texts and files that can be handed in as evidence.
pub const EVIDENCE: &[&str] = &[
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

/// Days to answer a dispute.
pub const DAYS: i64 = 9;

/// A dispute of a whole charge that waits for an answer.
pub fn new(now: i64, charge: &Value, reason: &str) -> Value {
    let inquiry = reason == "warning";
    let mut evidence: Map<String, Value> = EVIDENCE
        .iter()
        .map(|key| ((*key).to_owned(), Value::Null))
        .collect();
    evidence.insert("enhanced_evidence".to_owned(), json!({}));
    let details = &charge["payment_method_details"];
    let method = if details.text("type") == "card" {
        json!({
            "type": "card",
            "card": {
                "brand": details["card"]["brand"],
                "case_type": if inquiry { "inquiry" } else { "chargeback" },
                "network": details["card"]["brand"],
                "network_reason_code": if reason == "product_not_received" { "13.1" } else { "10.4" },
            },
        })
    } else {
        json!({ "type": details["type"] })
    };
    json!({
        "id": format!("du_1{}", letters(23)), "object": "dispute",
        "amount": charge.int("amount") - charge.int("amount_refunded"),
        "balance_transaction": null, "balance_transactions": [], "charge": charge["id"],
        "created": now, "currency": charge["currency"], "enhanced_eligibility_types": [],
        "evidence": evidence,
        "evidence_details": {
            "due_by": now + DAYS * 86_400, "enhanced_eligibility": {}, "has_evidence": false,
            "past_due": false, "submission_count": 0,
        },
        "is_charge_refundable": inquiry, "livemode": false, "metadata": {},
        "payment_intent": charge["payment_intent"], "payment_method_details": method,
        "reason": if inquiry { "general" } else { reason },
        "status": if inquiry { "warning_needs_response" } else { "needs_response" },
    })
}
