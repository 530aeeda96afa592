//! What intents and sessions say about connected accounts.

use serde_json::{Value, json};

use crate::{error::Failure, fields::Fields, params::Params, state::State};

/// Checks the platform's fee and the destination of a payment, and answers them as fields. `sent` is the
/// `transfer_data` that the payment has already.
pub fn fields(
    state: &State,
    scope: &str,
    params: &Params,
    amount: i64,
    sent: &Value,
) -> Result<Value, Failure> {
    let mut fields = json!({});
    let transfer = params.map("transfer_data");
    let destination = transfer.as_ref().and_then(|data| data.text("destination"));
    if let (Some(data), Some(destination)) = (&transfer, destination) {
        can_receive(state, destination, &data.name("destination"))?;
        let part = data.int("amount")?;
        if part.is_some_and(|part| part < 1 || part > amount) {
            return Err(Failure::invalid(
                "The transfer_data[amount] must be positive and not more than the amount of the payment.",
            )
            .param(&data.name("amount")));
        }
        fields.set("transfer_data", json!({ "destination": destination }));
        if let Some(part) = part {
            fields["transfer_data"].set("amount", part);
        }
    }
    if let Some(account) = params.text("on_behalf_of") {
        can_receive(state, account, &params.name("on_behalf_of"))?;
        fields.set("on_behalf_of", account);
    }
    if let Some(fee) = params.int("application_fee_amount")? {
        let name = params.name("application_fee_amount");
        if destination.is_none() && sent.is_null() && scope == state.platform {
            return Err(Failure::invalid(
                "Can only apply an application_fee_amount when the PaymentIntent is attempting a direct payment (using an OAuth key or Stripe-Account header) or destination payment (using `transfer_data[destination]`).",
            )
            .param(&name));
        }
        if transfer.as_ref().is_some_and(|data| data.has("amount")) {
            return Err(Failure::invalid(
                "You may not provide the application_fee_amount parameter and the transfer_data[amount] parameter simultaneously.",
            )
            .param(&name));
        }
        if fee < 0 || fee > amount {
            return Err(Failure::invalid(
                "The application_fee_amount must be less than or equal to the amount of the payment.",
            )
            .code("parameter_invalid_integer")
            .param(&name));
        }
        fields.set("application_fee_amount", fee);
    }
    if let Some(group) = params.text("transfer_group") {
        fields.set("transfer_group", group);
    }
    Ok(fields)
}

/// Refuses a connected account that may not receive transfers.
pub fn can_receive(state: &State, account: &str, param: &str) -> Result<(), Failure> {
    let found = state
        .find(account)
        .filter(|found| found.text("object") == "account");
    let Some(found) = found.filter(|_| account != state.platform) else {
        return Err(
            Failure::invalid(format!("No such destination: '{account}'"))
                .code("resource_missing")
                .param(param),
        );
    };
    if found["capabilities"].text("transfers") != "active" {
        return Err(Failure::invalid(
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, crypto_transfers, legacy_payments",
        )
        .code("insufficient_capabilities_for_transfer")
        .param(param));
    }
    Ok(())
}

/// Refuses payments on an account that may not take any.
pub fn can_charge(state: &State, scope: &str) -> Result<(), Failure> {
    if state.load(scope).flag("charges_enabled") {
        return Ok(());
    }
    Err(Failure::invalid(
        "Your account cannot currently make charges: its requirements must be completed first.",
    )
    .code("account_invalid"))
}
