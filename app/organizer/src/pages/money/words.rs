//! States and kinds in words.

use app_ui::Tone;
use domain::payouts::{PayoutState, Schedule};
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
        other => return other.to_owned(),
    }
    .to_owned()
}
