//! What things are called, and choices made of them.

use app_ui::{Choice, DateTimeView, Tone, use_locale};
use domain::{
    catalog::{Attendance, Category, Missing, Phase},
    money::Currency,
};
use jiff::civil::DateTime;
use leptos::prelude::*;
use locales::{Locale, categories, dates, money, organizer as t};

use super::part::Part;

pub fn phase(l: Locale, phase: Phase, sold_out: bool) -> (Tone, &'static str) {
    match phase {
        Phase::Draft => (Tone::Neutral, t::phase_draft(l)),
        Phase::Upcoming if sold_out => (Tone::Neutral, t::sold_out(l)),
        Phase::Upcoming => (Tone::Success, t::phase_upcoming(l)),
        Phase::Running => (Tone::Info, t::phase_running(l)),
        Phase::Ended => (Tone::Neutral, t::phase_ended(l)),
        Phase::Postponed => (Tone::Warning, t::phase_postponed(l)),
        Phase::Cancelled => (Tone::Error, t::phase_cancelled(l)),
    }
}

/// When an event is, or was to be before it was postponed.
pub fn starts(phase: Phase, at: DateTime, zone: String) -> AnyView {
    let l = use_locale();
    if phase == Phase::Postponed {
        view! { <span>{t::was_planned(l, dates::medium(l, at, Some(&zone)))}</span> }.into_any()
    } else {
        view! { <DateTimeView at zone/> }.into_any()
    }
}

/// What to do about something that is missing, and the part of the editor where that is done; `None`: on the account
/// page.
pub fn missing(l: Locale, missing: Missing) -> (&'static str, Option<Part>) {
    match missing {
        Missing::Title => (t::missing_title(l), Some(Part::Basics)),
        Missing::When => (t::missing_when(l), Some(Part::When)),
        Missing::Place => (t::missing_place(l), Some(Part::Place)),
        Missing::Tickets => (t::missing_tickets(l), Some(Part::Tickets)),
        Missing::Description => (t::missing_description(l), Some(Part::Description)),
        Missing::Image => (t::missing_image(l), Some(Part::Picture)),
        Missing::VerifiedOrganization => (t::missing_verified(l), None),
    }
}

pub fn category_choices(l: Locale) -> Vec<Choice> {
    Category::all()
        .iter()
        .map(|one| Choice::new(one.code(), categories::name(l, one.code())))
        .collect()
}

pub fn attendance_choices(l: Locale) -> Vec<Choice> {
    vec![
        Choice::new(Attendance::InPerson.code(), t::in_person(l)),
        Choice::new(Attendance::Online.code(), t::online(l)),
    ]
}

pub fn currency_choices(l: Locale) -> Vec<Choice> {
    Currency::all()
        .iter()
        .map(|one| Choice::new(one.as_str(), money::currency_name(l, one.as_str())))
        .collect()
}

pub fn language_choices() -> Vec<Choice> {
    const MORE: [(&str, &str); 14] = [
        ("de", "Deutsch"),
        ("es", "Español"),
        ("fr", "Français"),
        ("hr", "Hrvatski"),
        ("hu", "Magyar"),
        ("is", "Íslenska"),
        ("it", "Italiano"),
        ("ja", "日本語"),
        ("nl", "Nederlands"),
        ("pl", "Polski"),
        ("pt", "Português"),
        ("sl", "Slovenščina"),
        ("sv", "Svenska"),
        ("tr", "Türkçe"),
    ];
    let own = Locale::all()
        .into_iter()
        .map(|one| Choice::new(one.code(), one.name()));
    own.chain(MORE.into_iter().map(|(code, name)| Choice::new(code, name)))
        .collect()
}
