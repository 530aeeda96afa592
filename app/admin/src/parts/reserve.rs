//! How much of an organization's takings is kept back.

use app_api::{
    FormState,
    admin::{AdminReserve, ReserveView, SetReserve},
    ask,
};
use app_ui::{Button, ButtonKind, FormError, Notice, Section, TextInput, Tone, use_locale};
use leptos::prelude::*;
use locales::finance as t;

use super::loaded;

#[component]
pub fn ReservePanel(#[prop(into)] organization: String) -> impl IntoView {
    let l = use_locale();
    let id = StoredValue::new(organization.clone());
    let found = ask(move || AdminReserve {
        organization: organization.clone(),
    });
    view! {
        <Section title=t::reserve_title(l)>
            <p>{t::reserve_lead(l)}</p>
            {loaded(found, move |found| form(id.get_value(), found))}
        </Section>
    }
}

fn form(organization: String, now: ReserveView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetReserve>();
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            {form.done().then(|| view! { <Notice tone=Tone::Success title=t::payout_done(l)/> })}
            <input type="hidden" name="organization" value=organization/>
            <TextInput
                name="percent"
                kind="number"
                min="0"
                max="100"
                label=t::reserve_percent(l)
                required=true
                suffix="%"
                value=form.value_or("percent", now.percent.to_string())
                error=form.error("percent")
            />
            <TextInput
                name="days_after"
                kind="number"
                min="0"
                max="365"
                label=t::reserve_days(l)
                required=true
                value=form.value_or("days_after", now.days_after.to_string())
                error=form.error("days_after")
            />
            <TextInput
                name="reason"
                label=t::reserve_reason(l)
                hint=t::reserve_reason_hint(l)
                maxlength=300
                required=true
                value=form.value_or("reason", String::new())
                error=form.error("reason")
            />
            <div class="form-actions"><Button kind=ButtonKind::Secondary>{t::reserve_save(l)}</Button></div>
        </form>
    }
    .into_any()
}
