//! What happens to money and objects. Each file is one course of things: it changes objects, writes the
//! book and announces events. Requests, hosted pages, the control addresses and time all come through here.

pub mod capture;
pub mod debit;
pub mod dispute;
pub mod fees;
pub mod method;
pub mod onboarding;
pub mod pay;
pub mod payout;
pub mod refund;
pub mod session;
pub mod settle;
pub mod transfer;

use serde_json::Value;

use crate::{error::Failure, fields::Fields};

/// The refusal of a step that the intent's state does not allow.
pub fn wrong_state(intent: &Value, step: &str, allowed: &str) -> Failure {
    Failure::invalid(format!(
        "This PaymentIntent could not be {step} because it has a status of {}. Only a PaymentIntent with one of the following statuses may be {step}: {allowed}.",
        intent.text("status")
    ))
    .code("payment_intent_unexpected_state")
    .with("payment_intent", intent.clone())
    .begun()
}
