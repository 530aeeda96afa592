//! Names of what became of an order.

use app_ui::Tone;
use domain::orders::RunOutcome;
use locales::{Locale, refunds as t};

pub(super) fn outcome(l: Locale, outcome: RunOutcome) -> (Tone, &'static str) {
    match outcome {
        RunOutcome::Waiting => (Tone::Neutral, t::outcome_waiting(l)),
        RunOutcome::OnTheWay => (Tone::Info, t::outcome_on_the_way(l)),
        RunOutcome::Sent => (Tone::Success, t::outcome_sent(l)),
        RunOutcome::Failed => (Tone::Error, t::outcome_failed(l)),
        RunOutcome::Skipped => (Tone::Neutral, t::outcome_skipped(l)),
    }
}

/// Why nothing was sent, or why it failed.
pub(super) fn why(l: Locale, why: &str, provider_says: &str) -> Option<String> {
    if !provider_says.is_empty() {
        return Some(t::why_provider(l, provider_says));
    }
    let text = match why {
        "free" => t::why_free(l),
        "not_paid" => t::why_not_paid(l),
        "already_refunded" => t::why_already_refunded(l),
        "already_cancelled" => t::why_already_cancelled(l),
        "disputed" => t::why_disputed(l),
        "paid_late" => t::why_paid_late(l),
        "dispute_won" => t::why_dispute_won(l),
        "no_payment" => t::why_no_payment(l),
        "fault" => t::why_fault(l),
        _ => return None,
    };
    Some(text.to_owned())
}
