//! Amounts and times.

use crate::{MaybeText, use_locale};
use domain::money::Money;
use jiff::civil::DateTime;
use leptos::prelude::*;
use locales::{dates, money};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateStyle {
    /// "Saturday, 14 March 2026, 19:30"
    Long,
    /// "14 Mar 2026, 19:30"
    #[default]
    Medium,
    /// "Sat 14 Mar, 19:30"
    Short,
    /// "14 March 2026"
    Date,
    /// "19:30"
    Time,
}

/// A wall-clock time. `zone` is shown in brackets; `instant` (RFC 3339) is for machines.
#[component]
pub fn DateTimeView(
    at: DateTime,
    #[prop(optional)] style: DateStyle,
    #[prop(into, optional)] zone: MaybeText,
    #[prop(into, optional)] instant: MaybeText,
) -> impl IntoView {
    let (zone, instant) = (zone.0, instant.0);
    let l = use_locale();
    let zone = zone.as_deref();
    let text = match style {
        DateStyle::Long => dates::long(l, at, zone),
        DateStyle::Medium => dates::medium(l, at, zone),
        DateStyle::Short => dates::short(l, at, zone),
        DateStyle::Date => dates::date_long(l, at.date()),
        DateStyle::Time => dates::time(at.time()),
    };
    view! { <time class="when" datetime=instant.unwrap_or_else(|| at.to_string())>{text}</time> }
        .into_any()
}

/// An amount; `free` says "Free" instead of a zero.
#[component]
pub fn MoneyView(
    #[prop(into)] amount: Signal<Money>,
    #[prop(optional)] free: bool,
) -> impl IntoView {
    let l = use_locale();
    view! {
        <span class="money">
            {move || if free { money::price(l, amount.get()) } else { money::format(l, amount.get()) }}
        </span>
    }
    .into_any()
}
