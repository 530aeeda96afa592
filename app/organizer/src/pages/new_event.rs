//! `/organize/:org/events/new`: title, when, where, one ticket.

use app_api::{
    FormState, ask,
    events::{CreateEvent, NewEventDefaults, NewEventView},
};
use app_ui::{Button, FormError, RadioGroup, Section, Select, StickyBar, TextInput, use_locale};
use leptos::prelude::*;
use locales::organizer as t;

use super::edit::{fold_choice, zone_choices};
use crate::parts::{
    Frame, attendance_choices, category_choices, currency_choices, language_choices, loaded, param,
};

#[component]
pub fn NewEventPage() -> impl IntoView {
    let l = use_locale();
    let org = param("org");
    let defaults = ask(move || NewEventDefaults {
        organization: org.clone(),
    });
    let form = FormState::new::<CreateEvent>();
    view! {
        <Frame title=t::new_event(l)>
            <p class="lead">{t::new_event_lead(l)}</p>
            {loaded(defaults, move |defaults| show(defaults, form))}
        </Frame>
    }
}

fn show(defaults: NewEventView, form: FormState) -> AnyView {
    let l = use_locale();
    let zones = zone_choices(defaults.time_zones);
    let starts_fold = fold_choice(form, "starts");
    let ends_fold = fold_choice(form, "ends");
    let language = form.value_or("language", defaults.language);
    view! {
        <form method="post" action=form.address() class="form sections-aside" novalidate=true>
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=param("org")/>
            <Section title=t::step_what(l)>
                <div class="form">
                    <TextInput
                        name="title"
                        label=t::title(l)
                        value=form.value("title")
                        error=form.error("title")
                        maxlength=160
                        required=true
                    />
                    <div class="form-row">
                        <Select
                            name="category"
                            label=t::category(l)
                            choices=category_choices(l)
                            selected=form.value("category")
                            error=form.error("category")
                            required=true
                        />
                        <Select
                            name="language"
                            label=t::event_language(l)
                            choices=language_choices()
                            selected=language
                            error=form.error("language")
                            required=true
                        />
                    </div>
                </div>
            </Section>
            <Section title=t::step_when(l)>
                <div class="form">
                    <div class="form-row">
                        <TextInput
                            name="starts"
                            label=t::starts(l)
                            kind="datetime-local"
                            value=form.value("starts")
                            error=form.error("starts")
                            required=true
                        />
                        <TextInput
                            name="ends"
                            label=t::ends(l)
                            hint=t::ends_hint(l)
                            kind="datetime-local"
                            value=form.value("ends")
                            error=form.error("ends")
                        />
                    </div>
                    {starts_fold}
                    {ends_fold}
                    <TextInput
                        name="time_zone"
                        label=t::time_zone(l)
                        hint=t::time_zone_hint(l)
                        value=form.value_or("time_zone", defaults.time_zone)
                        error=form.error("time_zone")
                        suggestions=zones
                        required=true
                    />
                </div>
            </Section>
            <Section title=t::step_where(l)>
                <div class="form">
                    <RadioGroup
                        name="attendance"
                        legend=t::attendance(l)
                        choices=attendance_choices(l)
                        selected=form.value_or("attendance", "in_person")
                        error=form.error("attendance")
                        inline=true
                        required=true
                    />
                    <div class="form-row when-in-person">
                        <TextInput
                            name="venue_name"
                            label=t::venue_name(l)
                            value=form.value("venue_name")
                            error=form.error("venue_name")
                        />
                        <TextInput
                            name="venue_city"
                            label=t::venue_city(l)
                            value=form.value("venue_city")
                            error=form.error("venue_city")
                        />
                    </div>
                    <div class="when-online">
                        <TextInput
                            name="online_url"
                            label=t::online_url(l)
                            hint=t::online_url_hint(l)
                            kind="url"
                            value=form.value("online_url")
                            error=form.error("online_url")
                        />
                    </div>
                </div>
            </Section>
            <Section title=t::step_ticket(l) lead=t::step_ticket_lead(l)>
                <div class="form">
                    <TextInput
                        name="ticket_name"
                        label=t::ticket_name(l)
                        value=form.value_or("ticket_name", t::ticket_name_default(l))
                        error=form.error("ticket_name")
                        maxlength=80
                        required=true
                    />
                    <div class="form-row">
                        <TextInput
                            name="price"
                            label=t::price(l)
                            hint=t::price_hint(l)
                            inputmode="decimal"
                            value=form.value("price")
                            error=form.error("price")
                        />
                        <Select
                            name="currency"
                            label=t::currency(l)
                            choices=currency_choices(l)
                            selected=form.value_or("currency", defaults.currency)
                            error=form.error("currency")
                            required=true
                        />
                        <TextInput
                            name="capacity"
                            label=t::capacity(l)
                            inputmode="numeric"
                            value=form.value("capacity")
                            error=form.error("capacity")
                            required=true
                        />
                    </div>
                </div>
            </Section>
            <StickyBar>
                <Button>{t::create_draft(l)}</Button>
            </StickyBar>
        </form>
    }
    .into_any()
}
