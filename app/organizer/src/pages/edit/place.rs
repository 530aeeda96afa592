//! `…/edit/place`: a venue, or an address on the web.

use app_api::{
    FormState,
    events::{EventView, SetEventPlace},
};
use app_ui::{Button, FormError, Notice, RadioGroup, Section, TextInput, Tone, use_locale};
use leptos::prelude::*;
use locales::organizer as t;

use super::{Part, editor, the_event};
use crate::parts::{attendance_choices, saved};

#[component]
pub fn PlacePage() -> impl IntoView {
    let found = the_event();
    editor(Part::Place, found, show)
}

fn show(event: EventView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetEventPlace>();
    let saved = saved(form);
    let told = event
        .sold
        .then(|| view! { <Notice tone=Tone::Warning title=t::place_told(l)/> });
    view! {
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            {saved}
            {told}
            <input type="hidden" name="event" value=event.slug/>
            <RadioGroup
                name="attendance"
                legend=t::attendance(l)
                choices=attendance_choices(l)
                selected=form.value_or("attendance", event.attendance.code())
                error=form.error("attendance")
                inline=true
                required=true
            />
            <div class="when-in-person">
                <Section title=t::in_person(l)>
                    <div class="form">
                        <TextInput
                            name="venue_name"
                            label=t::venue_name(l)
                            value=form.value_or("venue_name", event.venue_name)
                            error=form.error("venue_name")
                        />
                        <TextInput
                            name="venue_address"
                            label=t::venue_address(l)
                            value=form.value_or("venue_address", event.venue_address)
                            error=form.error("venue_address")
                        />
                        <div class="form-row">
                            <TextInput
                                name="venue_city"
                                label=t::venue_city(l)
                                value=form.value_or("venue_city", event.venue_city)
                                error=form.error("venue_city")
                            />
                            <TextInput
                                name="venue_country"
                                label=t::country(l)
                                hint=t::country_hint(l)
                                value=form.value_or("venue_country", event.venue_country)
                                error=form.error("venue_country")
                                maxlength=2
                            />
                        </div>
                    </div>
                </Section>
            </div>
            <div class="when-online">
                <Section title=t::online(l)>
                    <TextInput
                        name="online_url"
                        label=t::online_url(l)
                        hint=t::online_url_hint(l)
                        kind="url"
                        value=form.value_or("online_url", event.online_url)
                        error=form.error("online_url")
                    />
                </Section>
            </div>
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
    }
    .into_any()
}
