//! Addresses under `/v1/`, one file per resource. Each reads parameters, checks them as Stripe does, and
//! hands over to `flow`.

mod account_links;
mod accounts;
mod application_fees;
mod balance;
mod charges;
mod checkout_sessions;
mod connect;
mod customers;
mod disputes;
mod events;
mod list;
mod payment_intents;
mod payment_methods;
mod payouts;
mod refunds;
mod transfers;
mod webhook_endpoints;

use serde_json::{Value, json};

use crate::{error::Failure, http::Call, state::State};

type Answer = Result<Value, Failure>;

/// Finds who answers a request.
pub fn dispatch(state: &mut State, call: &Call) -> Answer {
    match call.path.first().map_or("", String::as_str) {
        "payment_intents" => payment_intents::answer(state, call),
        "payment_methods" => payment_methods::answer(state, call),
        "checkout" => checkout_sessions::answer(state, call),
        "charges" => charges::answer(state, call),
        "refunds" => refunds::answer(state, call),
        "disputes" => disputes::answer(state, call),
        "balance" | "balance_transactions" => balance::answer(state, call),
        "events" => events::answer(state, call),
        "account" | "accounts" => accounts::answer(state, call),
        "account_links" => account_links::answer(state, call),
        "transfers" => transfers::answer(state, call),
        "payouts" => payouts::answer(state, call),
        "application_fees" => application_fees::answer(state, call),
        "webhook_endpoints" => webhook_endpoints::answer(state, call),
        "customers" => customers::answer(state, call),
        _ => Err(unknown(call)),
    }
}

fn unknown(call: &Call) -> Failure {
    Failure::no_route(&call.method, &call.url())
}

/// What is answered for something that was deleted.
fn deleted(object: &str, id: &str) -> Value {
    json!({ "id": id, "object": object, "deleted": true })
}
