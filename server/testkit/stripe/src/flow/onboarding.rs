//! What a connected account has told, and what it may therefore do.

use serde_json::{Value, json};

use crate::{
    error::Failure,
    fields::{Fields, previous},
    objects::account::{DUE_AT_FIRST, bank, requirements},
    state::State,
};

/// The states that an account can be put into.
pub const STATES: &[&str] = &[
    "new",
    "enabled",
    "pending",
    "restricted",
    "payouts_paused",
    "rejected",
];

/// Puts an account into a state: `enabled` may do everything, `pending` has told all and is being looked
/// at, `restricted` must tell more before it may do anything again, `payouts_paused` may take payments
/// only, `rejected` is closed.
pub fn become_state(state: &mut State, id: &str, to: &str) -> Result<Value, Failure> {
    let mut account = state.load(id);
    if account.text("object") != "account" {
        return Err(Failure::missing("account", id));
    }
    let old = account.clone();
    let more = ["individual.verification.document"];
    let (charges, payouts, told, due, why): (bool, bool, bool, &[&str], Option<&str>) = match to {
        "new" => (
            false,
            false,
            false,
            DUE_AT_FIRST,
            Some("requirements.past_due"),
        ),
        "enabled" => (true, true, true, &[], None),
        "pending" => (
            false,
            false,
            true,
            &[],
            Some("requirements.pending_verification"),
        ),
        "restricted" => (false, false, true, &more, Some("requirements.past_due")),
        "payouts_paused" => (true, false, true, &more, Some("requirements.past_due")),
        "rejected" => (false, false, true, &[], Some("rejected.fraud")),
        other => {
            return Err(Failure::invalid(format!(
                "Unknown state {other}: one of {}",
                STATES.join(", ")
            )));
        }
    };
    account.set("charges_enabled", charges);
    account.set("payouts_enabled", payouts);
    account.set("details_submitted", told);
    account.set("requirements", requirements(due, why));
    if to == "pending" {
        account["requirements"].set("pending_verification", json!(more));
    }
    let asked: Vec<String> = account["capabilities"]
        .as_object()
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default();
    for name in asked {
        let word = match (charges, to) {
            (true, _) => "active",
            (false, "pending") => "pending",
            (false, _) => "inactive",
        };
        account["capabilities"].set(&name, word);
    }
    if told {
        tell(state, &mut account);
    }
    state.save(&account);
    state.emit("account.updated", &account, Some(previous(&old, &account)));
    Ok(account)
}

/// What the hosted page would have asked for.
fn tell(state: &State, account: &mut Value) {
    if account["tos_acceptance"].lacks("date") {
        account.set(
            "tos_acceptance",
            json!({ "date": state.now(), "ip": "127.0.0.1", "user_agent": null }),
        );
    }
    if account.lacks("business_type") {
        account.set("business_type", "individual");
    }
    if account["external_accounts"]["data"]
        .as_array()
        .is_none_or(Vec::is_empty)
    {
        let (id, country, currency) = (
            account.text("id"),
            account.text("country"),
            account.text("default_currency"),
        );
        let made = bank(id, country, currency, "DE89370400440532013000", None);
        account["external_accounts"].set("data", json!([made]));
        account["external_accounts"].set("total_count", 1);
    }
}
