//! States and kinds in words.

use app_ui::Tone;
use domain::{
    connect::{Asked, Standing},
    disputes::{DisputeReason, DisputeState, EvidencePart},
    payouts::{PayoutState, Schedule},
};
use locales::{Locale, disputes as d, finance as t};

pub(super) fn payout_state(l: Locale, state: PayoutState) -> (Tone, &'static str) {
    match state {
        PayoutState::Requested => (Tone::Warning, t::state_requested(l)),
        PayoutState::Sent => (Tone::Success, t::state_sent(l)),
        PayoutState::CalledOff => (Tone::Neutral, t::state_called_off(l)),
        PayoutState::Returned => (Tone::Error, t::state_returned(l)),
    }
}

pub(super) fn schedule(l: Locale, schedule: Schedule) -> &'static str {
    match schedule {
        Schedule::Manual => t::schedule_manual(l),
        Schedule::Weekly => t::schedule_weekly(l),
        Schedule::Monthly => t::schedule_monthly(l),
    }
}

/// What a booking is; one that has no name yet stands as the ledger names it.
pub(super) fn kind(l: Locale, kind: &str) -> String {
    match kind {
        "sale" => t::kind_sale(l),
        "refund" => t::kind_refund(l),
        "dispute" => t::kind_dispute(l),
        "payout" => t::kind_payout(l),
        "reserve" => t::kind_reserve(l),
        "adjustment" => t::kind_adjustment(l),
        "cost" => t::kind_cost(l),
        "transfer" => t::kind_transfer(l),
        "exchange" => t::kind_exchange(l),
        "straight" => t::kind_straight(l),
        other => return other.to_owned(),
    }
    .to_owned()
}

pub(super) fn standing(l: Locale, standing: Standing) -> (Tone, &'static str) {
    match standing {
        Standing::NotBegun => (Tone::Info, t::standing_not_begun(l)),
        Standing::DetailsMissing => (Tone::Warning, t::standing_details_missing(l)),
        Standing::BeingChecked => (Tone::Info, t::standing_being_checked(l)),
        Standing::Ready => (Tone::Success, t::standing_ready(l)),
        Standing::Restricted => (Tone::Warning, t::standing_restricted(l)),
        Standing::Rejected => (Tone::Error, t::standing_rejected(l)),
        Standing::Disconnected => (Tone::Warning, t::standing_disconnected(l)),
    }
}

pub(super) fn asked(l: Locale, asked: Asked) -> &'static str {
    match asked {
        Asked::BusinessType => t::asked_business_type(l),
        Asked::BusinessProfile => t::asked_business_profile(l),
        Asked::Company => t::asked_company(l),
        Asked::Person => t::asked_person(l),
        Asked::Document => t::asked_document(l),
        Asked::BankAccount => t::asked_bank_account(l),
        Asked::Terms => t::asked_terms(l),
        Asked::Other => t::asked_other(l),
    }
}

/// The provider's word for why not everything is possible; one that is new to us has no words of its own.
pub(super) fn disabled(l: Locale, word: &str) -> &'static str {
    match word {
        "requirements.past_due" => t::disabled_past_due(l),
        "requirements.pending_verification" | "under_review" => t::disabled_checking(l),
        "platform_paused" => t::disabled_platform(l),
        _ => t::disabled_other(l),
    }
}

pub(super) fn dispute_state(l: Locale, state: DisputeState) -> (Tone, &'static str) {
    match state {
        DisputeState::Inquiry => (Tone::Warning, d::state_inquiry(l)),
        DisputeState::InquiryAnswered => (Tone::Neutral, d::state_inquiry_answered(l)),
        DisputeState::InquiryClosed => (Tone::Neutral, d::state_inquiry_closed(l)),
        DisputeState::NeedsAnswer => (Tone::Warning, d::state_needs_answer(l)),
        DisputeState::UnderReview => (Tone::Neutral, d::state_under_review(l)),
        DisputeState::Lost => (Tone::Error, d::state_lost(l)),
        DisputeState::Won => (Tone::Success, d::state_won(l)),
    }
}

pub(super) fn dispute_reason(l: Locale, reason: DisputeReason) -> &'static str {
    match reason {
        DisputeReason::Fraudulent => d::reason_fraudulent(l),
        DisputeReason::Unrecognized => d::reason_unrecognized(l),
        DisputeReason::Duplicate => d::reason_duplicate(l),
        DisputeReason::NotReceived => d::reason_not_received(l),
        DisputeReason::NotAsDescribed => d::reason_not_as_described(l),
        DisputeReason::CreditNotProcessed => d::reason_credit_not_processed(l),
        DisputeReason::Cancelled => d::reason_cancelled(l),
        DisputeReason::DebitNotAuthorized => d::reason_debit_not_authorized(l),
        DisputeReason::Other => d::reason_other(l),
    }
}

/// What happened: a state that it came to, or what somebody did.
pub(super) fn dispute_step(l: Locale, what: &str) -> String {
    match what {
        "answered" => d::step_answered(l).to_owned(),
        "accepted" => d::step_accepted(l).to_owned(),
        other => DisputeState::from_code(other).map_or_else(
            || other.to_owned(),
            |state| dispute_state(l, state).1.to_owned(),
        ),
    }
}

pub(super) fn evidence_part(l: Locale, part: EvidencePart) -> &'static str {
    match part {
        EvidencePart::BuyerName => d::part_buyer_name(l),
        EvidencePart::BuyerEmail => d::part_buyer_email(l),
        EvidencePart::BuyerAddress => d::part_buyer_address(l),
        EvidencePart::Product => d::part_product(l),
        EvidencePart::ServiceDate => d::part_service_date(l),
        EvidencePart::Activity => d::part_activity(l),
        EvidencePart::RefundPolicy => d::part_refund_policy(l),
        EvidencePart::Statement => d::part_statement(l),
    }
}
