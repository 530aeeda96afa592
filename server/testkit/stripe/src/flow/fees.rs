//! The platform's fee on payments of connected accounts, and giving it back.

use serde_json::{Value, json};

use crate::{
    book::Entry,
    error::Failure,
    fields::Fields,
    objects::list,
    state::{State, letters},
};

/// Notes a fee and credits the platform; the payer's side is a fee of its own line. Answers the id.
pub fn take(
    state: &mut State,
    account: &str,
    charge: &str,
    originating: Option<&str>,
    amount: i64,
    currency: &str,
    days: i64,
) -> String {
    let id = format!("fee_1{}", letters(23));
    let platform = state.platform.clone();
    let line = state.write(
        &platform,
        currency,
        Entry {
            kind: "application_fee",
            category: "platform_earning",
            amount,
            fees: Vec::new(),
            days,
            source: &id,
            description: None,
        },
    );
    let fee = json!({
        "id": id, "object": "application_fee", "account": account, "amount": amount,
        "amount_refunded": 0, "application": "ca_double", "balance_transaction": line,
        "charge": charge, "created": state.now(), "currency": currency,
        "fee_source": { "charge": charge, "type": "charge" }, "livemode": false,
        "originating_transaction": originating, "refunded": false,
        "refunds": list(&format!("/v1/application_fees/{id}/refunds"), Vec::new()),
    });
    state.insert(&platform, fee.clone());
    state.emit("application_fee.created", &fee, None);
    id
}

/// Gives a fee back to the connected account, in whole or in part.
pub fn give_back(state: &mut State, id: &str, amount: i64) -> Result<Value, Failure> {
    let mut fee = state.load(id);
    let left = fee.int("amount") - fee.int("amount_refunded");
    if left <= 0 {
        return Err(
            Failure::invalid(format!("Application fee {id} has already been refunded."))
                .code("application_fee_already_refunded"),
        );
    }
    if amount < 1 || amount > left {
        return Err(Failure::invalid(format!(
            "Refund amount ({amount}) must be between 1 and the unrefunded amount of the fee ({left})."
        ))
        .param("amount"));
    }
    let refund_id = format!("fr_1{}", letters(23));
    let currency = fee.text("currency").to_owned();
    let account = fee.text("account").to_owned();
    let line = |amount, kind| Entry {
        kind,
        category: "platform_earning_refund",
        amount,
        fees: Vec::new(),
        days: 0,
        source: &refund_id,
        description: None,
    };
    let platform = state.platform.clone();
    let txn = state.write(
        &platform,
        &currency,
        line(-amount, "application_fee_refund"),
    );
    state.write(&account, &currency, line(amount, "application_fee_refund"));
    let made = json!({
        "id": refund_id, "object": "fee_refund", "amount": amount, "balance_transaction": txn,
        "created": state.now(), "currency": currency, "fee": id, "metadata": {},
    });
    fee.set("amount_refunded", fee.int("amount_refunded") + amount);
    fee.set("refunded", fee.int("amount_refunded") == fee.int("amount"));
    if let Some(list) = fee["refunds"]["data"].as_array_mut() {
        list.insert(0, made.clone());
    }
    state.save(&fee);
    state.insert(&platform, made.clone());
    state.emit("application_fee.refunded", &fee, None);
    Ok(made)
}
