//! States and kinds in words.

use app_ui::Tone;
use domain::{
    connect::{Asked, Standing},
    payouts::{PayoutState, Schedule},
};
use locales::{Locale, finance as t};

pub(super) fn payout_state(l: Locale, state: PayoutState) -> (Tone, &'static str) {
    match state {
        PayoutState::Requested => (Tone::Warning, t::state_requested(l)),
        PayoutState::Sent => (Tone::Success, t::state_sent(l)),
        PayoutState::CalledOff => (Tone::Neutral, t::state_called_off(l)),
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
