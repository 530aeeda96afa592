//! States and causes in words.

use app_ui::Tone;
use domain::{
    orders::{Decision, OrderState},
    payments::DeclineReason,
    tickets::TicketState,
};
use locales::{Locale, orders as t, requests};

pub(super) fn order_state(l: Locale, state: OrderState) -> (Tone, &'static str) {
    match state {
        OrderState::Pending => (Tone::Warning, t::state_pending(l)),
        OrderState::Asked => (Tone::Warning, requests::state(l)),
        OrderState::Paid => (Tone::Success, t::state_paid(l)),
        OrderState::Cancelled => (Tone::Error, t::state_cancelled(l)),
        OrderState::Expired => (Tone::Neutral, t::state_expired(l)),
        OrderState::Refunded => (Tone::Neutral, t::state_refunded(l)),
    }
}

/// The same, told by how its request ended where it had one.
pub(super) fn order_state_of(
    l: Locale,
    state: OrderState,
    decision: Option<Decision>,
) -> (Tone, &'static str) {
    match (state, decision) {
        (OrderState::Cancelled, Some(Decision::Declined)) => {
            (Tone::Neutral, requests::declined_state(l))
        }
        (OrderState::Cancelled, Some(Decision::Withdrawn)) => {
            (Tone::Neutral, requests::withdrawn_state(l))
        }
        (OrderState::Expired, Some(Decision::Lapsed)) => (Tone::Neutral, requests::lapsed_state(l)),
        (state, _) => order_state(l, state),
    }
}

pub(super) fn ticket_state(l: Locale, state: TicketState) -> (Tone, &'static str) {
    match state {
        TicketState::Valid => (Tone::Success, t::ticket_valid(l)),
        TicketState::Cancelled => (Tone::Error, t::ticket_cancelled(l)),
        TicketState::Replaced => (Tone::Neutral, t::ticket_replaced(l)),
    }
}

pub(super) fn payment_state(l: Locale, state: &str) -> (Tone, &'static str) {
    match state {
        "succeeded" => (Tone::Success, t::payment_succeeded(l)),
        "failed" => (Tone::Error, t::payment_failed(l)),
        "processing" => (Tone::Warning, t::payment_processing(l)),
        "refunded" => (Tone::Neutral, t::payment_refunded(l)),
        "held" => (Tone::Warning, requests::payment_held(l)),
        "released" => (Tone::Neutral, requests::payment_released(l)),
        _ => (Tone::Neutral, t::payment_created(l)),
    }
}

pub(super) fn refund_state(l: Locale, state: &str, sent: bool) -> (Tone, &'static str) {
    match state {
        "succeeded" => (Tone::Success, t::refund_succeeded(l)),
        "failed" => (Tone::Error, t::refund_failed(l)),
        _ if sent => (Tone::Warning, t::refund_unconfirmed(l)),
        _ => (Tone::Warning, t::refund_pending(l)),
    }
}

pub(super) fn decline(l: Locale, reason: DeclineReason) -> &'static str {
    match reason {
        DeclineReason::CardDeclined => t::decline_card_declined(l),
        DeclineReason::InsufficientFunds => t::decline_insufficient_funds(l),
        DeclineReason::ExpiredCard => t::decline_expired_card(l),
        DeclineReason::WrongDetails => t::decline_wrong_details(l),
        DeclineReason::AuthenticationFailed => t::decline_authentication_failed(l),
        DeclineReason::LimitExceeded => t::decline_limit_exceeded(l),
        DeclineReason::FraudSuspected => t::decline_fraud_suspected(l),
        DeclineReason::Abandoned => t::decline_abandoned(l),
        DeclineReason::TimedOut => t::decline_timed_out(l),
        DeclineReason::ProviderError => t::decline_provider_error(l),
    }
}

pub(super) fn mail(l: Locale, kind: &str) -> &'static str {
    match kind {
        "order_confirmed" => t::mail_order_confirmed(l),
        "transfer_details" => t::mail_transfer_details(l),
        "transfer_missed" => t::mail_transfer_missed(l),
        "transfer_reminder" => t::mail_transfer_reminder(l),
        "order_cancelled" => t::mail_order_cancelled(l),
        "ticket_offered" | "ticket_received" | "offer_taken_back" | "handover_answered"
        | "held_ticket" => t::mail_ticket_passed_on(l),
        "tickets_cancelled" => t::mail_tickets_cancelled(l),
        "order_refunded" => t::mail_order_refunded(l),
        "paid_too_late" => t::mail_paid_too_late(l),
        "over_card_limit" => t::mail_over_card_limit(l),
        "request_asked" => requests::mail_asked(l),
        "request_to_pay" | "request_hold_gone" => requests::mail_to_pay(l),
        "request_declined" => requests::mail_declined(l),
        "request_withdrawn" | "request_lapsed" | "request_not_paid" => requests::mail_ended(l),
        "exchange_offered" => t::mail_exchange_offered(l),
        "exchange_failed" => t::mail_exchange_failed(l),
        "event_postponed" => t::mail_event_postponed(l),
        "event_rescheduled" => t::mail_event_rescheduled(l),
        "event_cancelled" => t::mail_event_cancelled(l),
        _ => t::mail_other(l),
    }
}
