//! Money between the platform and connected accounts.

use serde_json::{Value, json};

use crate::{
    book::Entry,
    error::Failure,
    fields::Fields,
    flow::fees,
    money::shown,
    objects::{charge, list},
    state::{State, letters},
};

/// A transfer that has been checked.
#[derive(Debug)]
pub struct Plan<'a> {
    /// How much, in minor units.
    pub amount: i64,
    /// Of which currency.
    pub currency: &'a str,
    /// The connected account.
    pub destination: &'a str,
    /// The charge that it is taken from.
    pub source: Option<&'a Value>,
    /// Days until it is available at both ends.
    pub days: i64,
    /// What the platform keeps of it as its fee.
    pub application_fee: i64,
}

/// Moves money to a connected account.
pub fn make(state: &mut State, plan: &Plan<'_>) -> Value {
    let now = state.now();
    let id = format!("tr_3{}", letters(23));
    let origin = plan.source.cloned().unwrap_or_default();
    let group = match (
        origin.maybe("transfer_group"),
        origin.maybe("payment_intent"),
        origin.maybe("id"),
    ) {
        (Some(group), ..) => Some(group.to_owned()),
        (None, Some(intent), _) => Some(format!("group_{intent}")),
        (None, None, Some(charge)) => Some(format!("group_{charge}")),
        (None, None, None) => None,
    };
    let mut made = json!({
        "id": id, "object": "transfer", "amount": plan.amount, "amount_reversed": 0,
        "balance_transaction": null, "created": now, "currency": plan.currency, "description": null,
        "destination": plan.destination, "destination_payment": null, "livemode": false,
        "metadata": {}, "reversals": list(&format!("/v1/transfers/{id}/reversals"), Vec::new()),
        "reversed": false, "source_transaction": origin["id"], "source_type": "card",
        "transfer_group": group,
    });
    let platform = state.platform.clone();
    let line = |amount, kind, category, source, fees| Entry {
        kind,
        category,
        amount,
        fees,
        days: plan.days,
        source,
        description: None,
    };
    let txn = state.write(
        &platform,
        plan.currency,
        line(-plan.amount, "transfer", "transfer", &id, Vec::new()),
    );
    made.set("balance_transaction", txn);
    let mut received = charge::received(now, &made, &origin);
    let payment = received.text("id").to_owned();
    let taken = vec![("application_fee", plan.application_fee, "Application fee")];
    let txn = state.write(
        plan.destination,
        plan.currency,
        line(plan.amount, "payment", "charge", &payment, taken),
    );
    received.set("balance_transaction", txn);
    if plan.application_fee > 0 {
        received.set("application_fee_amount", plan.application_fee);
        let fee = fees::take(
            state,
            plan.destination,
            &payment,
            origin.maybe("id"),
            plan.application_fee,
            plan.currency,
            plan.days,
        );
        received.set("application_fee", fee);
    }
    made.set("destination_payment", payment);
    state.insert(plan.destination, received.clone());
    state.insert(&platform, made.clone());
    state.emit("transfer.created", &made, None);
    state.emit("payment.created", &received, None);
    made
}

/// Takes a transfer back, in whole or in part. `strict` refuses what the account does not have.
pub fn reverse(
    state: &mut State,
    id: &str,
    amount: i64,
    refund: Option<&str>,
    strict: bool,
) -> Result<Value, Failure> {
    let mut sent = state.load(id);
    let currency = sent.text("currency").to_owned();
    let account = sent.text("destination").to_owned();
    let left = sent.int("amount") - sent.int("amount_reversed");
    if amount < 1 || amount > left {
        let message = if left == 0 {
            format!("Transfer {id} is already fully reversed.")
        } else {
            format!(
                "Reversal amount ({}) is greater than unreversed amount on transfer ({})",
                shown(amount, &currency),
                shown(left, &currency)
            )
        };
        return Err(Failure::invalid(message).param("amount"));
    }
    let sums = state.sums(&account, &currency);
    if strict && sums.available + sums.pending < amount {
        return Err(Failure::invalid(
            "You have insufficient funds in the connected account to reverse this transfer.",
        )
        .code("balance_insufficient"));
    }
    let reversal_id = format!("trr_1{}", letters(23));
    let back_id = format!("pyr_1{}", letters(23));
    // Money that has not become available yet comes back the same way.
    let waits = state.load(sent.text("balance_transaction")).text("status") == "pending";
    let days = if waits {
        state.options.days_to_available
    } else {
        0
    };
    let line = |amount, kind, category, source| Entry {
        kind,
        category,
        amount,
        fees: Vec::new(),
        days,
        source,
        description: None,
    };
    let platform = state.platform.clone();
    let txn = state.write(
        &platform,
        &currency,
        line(amount, "transfer_refund", "transfer_reversal", &reversal_id),
    );
    let back = state.write(
        &account,
        &currency,
        line(-amount, "payment_refund", "refund", &back_id),
    );
    let now = state.now();
    let mut payment = state.load(sent.text("destination_payment"));
    payment.set("amount_refunded", payment.int("amount_refunded") + amount);
    payment.set(
        "refunded",
        payment.int("amount_refunded") == payment.int("amount"),
    );
    state.save(&payment);
    let mut returned = crate::objects::refund::new(now, &payment, amount);
    returned.set("id", back_id.clone());
    returned.set("balance_transaction", back);
    state.insert(&account, returned);
    let made = json!({
        "id": reversal_id, "object": "transfer_reversal", "amount": amount,
        "balance_transaction": txn, "created": now, "currency": currency,
        "destination_payment_refund": back_id, "metadata": {}, "source_refund": refund,
        "transfer": id,
    });
    sent.set("amount_reversed", sent.int("amount_reversed") + amount);
    sent.set(
        "reversed",
        sent.int("amount_reversed") == sent.int("amount"),
    );
    if let Some(list) = sent["reversals"]["data"].as_array_mut() {
        list.insert(0, made.clone());
    }
    state.save(&sent);
    state.insert(&platform, made.clone());
    state.emit("transfer.reversed", &sent, None);
    Ok(made)
}
