//! States in words.

use app_ui::{Badge, Tone, use_locale};
use leptos::prelude::*;
use locales::{Locale, admin};

/// Whether an account or an organization is in use.
#[component]
pub fn AccountState(suspended: bool) -> impl IntoView {
    let l = use_locale();
    if suspended {
        view! { <Badge tone=Tone::Error>{admin::suspended(l)}</Badge> }.into_any()
    } else {
        view! { <Badge>{admin::active(l)}</Badge> }.into_any()
    }
}

pub fn event_state(l: Locale, state: &str) -> (Tone, String) {
    match state {
        "published" => (Tone::Success, admin::state_published(l).to_owned()),
        "postponed" => (Tone::Warning, admin::state_postponed(l).to_owned()),
        "cancelled" => (Tone::Error, admin::state_cancelled(l).to_owned()),
        "draft" => (Tone::Neutral, admin::state_draft(l).to_owned()),
        other => (Tone::Neutral, other.to_owned()),
    }
}

pub fn order_state(l: Locale, state: &str) -> (Tone, String) {
    match state {
        "paid" => (Tone::Success, admin::state_paid(l).to_owned()),
        "pending" => (Tone::Warning, admin::state_pending(l).to_owned()),
        "cancelled" => (Tone::Error, admin::state_cancelled(l).to_owned()),
        "expired" => (Tone::Neutral, admin::state_expired(l).to_owned()),
        "refunded" => (Tone::Neutral, admin::state_refunded(l).to_owned()),
        other => (Tone::Neutral, other.to_owned()),
    }
}
