//! `…/edit/when`: on the clocks of the venue. Of a published event this is a new date, which its buyers are told.

use app_api::{
    FormState, ask,
    events::{EventView, SetEventWhen, TimeZones},
};
use app_ui::{Button, Choice, FormError, Notice, RadioGroup, TextInput, Tone, use_locale};
use domain::catalog::EventState;
use leptos::prelude::*;
use locales::organizer as t;

use super::{Part, editor, the_event};
use crate::{
    pages::refunds::moved_choices,
    parts::{loaded, saved},
};

#[component]
pub fn WhenPage() -> impl IntoView {
    let found = the_event();
    let zones = ask(|| TimeZones {});
    editor(Part::When, found, move |event| {
        let event = StoredValue::new(event);
        loaded(zones, move |zones| show(event.get_value(), zones))
    })
}

fn show(event: EventView, zones: Vec<String>) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventWhen>();
    let saved = saved(form);
    let starts_fold = fold_choice(form, "starts");
    let ends_fold = fold_choice(form, "ends");
    let told = match event.state {
        EventState::Published if event.sold => Some(t::when_told(l)),
        EventState::Postponed => Some(t::when_postponed(l)),
        EventState::Published | EventState::Draft | EventState::Cancelled => None,
    };
    let told = told.map(|text| view! { <Notice tone=Tone::Warning title=text/> });
    let tickets =
        (event.sold && event.state != EventState::Draft).then(|| moved_choices(form, "when"));
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            {told}
            <input type="hidden" name="event" value=event.slug/>
            <div class="form-row">
                <TextInput
                    name="starts"
                    label=t::starts(l)
                    kind="datetime-local"
                    value=form.value_or("starts", field_value(event.starts))
                    error=form.error("starts")
                    required=true
                />
                <TextInput
                    name="ends"
                    label=t::ends(l)
                    hint=t::ends_hint(l)
                    kind="datetime-local"
                    value=form.value_or("ends", field_value(event.ends))
                    error=form.error("ends")
                />
            </div>
            {starts_fold}
            {ends_fold}
            <TextInput
                name="time_zone"
                label=t::time_zone(l)
                hint=t::time_zone_hint(l)
                value=form.value_or("time_zone", event.time_zone)
                error=form.error("time_zone")
                suggestions=zone_choices(zones)
                required=true
            />
            {tickets}
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}

/// As a `datetime-local` field wants it, to the minute.
pub(super) fn field_value(at: jiff::civil::DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

pub fn zone_choices(zones: Vec<String>) -> Vec<Choice> {
    zones
        .into_iter()
        .map(|zone| Choice::new(zone.clone(), zone.replace('_', " ")))
        .collect()
}

/// Asks which one is meant, once the server has found that the time comes twice.
pub fn fold_choice(form: FormState, field: &'static str) -> AnyView {
    let l = use_locale();
    let twice = form.failure().is_some_and(|error| {
        error
            .fields
            .iter()
            .any(|e| e.field == field && e.code == "time_twice")
    });
    twice
        .then(|| {
            let choices = vec![
                Choice::new("first", t::first_time(l)),
                Choice::new("second", t::second_time(l)),
            ];
            view! {
                <RadioGroup
                    name=format!("{field}_fold")
                    legend=t::which_time(l)
                    choices
                    selected="first"
                    inline=true
                />
            }
        })
        .into_any()
}
