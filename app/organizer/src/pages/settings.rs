//! `/organize/:org/settings`: what an organization shows of itself.

use app_api::{
    FormState, ask,
    invoices::InvoiceSettings,
    organizers::{
        OrganizationSettings, OrganizationView, SetOrganizationSecurity, UpdateOrganization,
    },
};
use app_ui::{
    Button, Checkbox, FormError, Notice, Section, Select, TextArea, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use locales::team as t;

use super::invoice_settings::form as invoices_form;
use crate::parts::{Frame, country_choices, loaded, saved, use_part};

mod tax;

#[component]
pub fn SettingsPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let settings = ask(move || OrganizationSettings {
        organization: organization.get(),
    });
    let invoices = ask(move || InvoiceSettings {
        organization: organization.get(),
    });
    let form = FormState::new::<UpdateOrganization>();
    view! {
        <Frame title=t::settings(l)>
            {form.done().then(|| view! { <Notice tone=Tone::Success title=t::settings_saved(l)/> })}
            {loaded(settings, move |found| show(form, found))}
            {loaded(invoices, move |found| invoices_form(organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(form: FormState, found: OrganizationView) -> AnyView {
    let l = use_locale();
    let (tax, security) = (tax::form(&found), security(&found));
    let countries = country_choices(Some(t::country_none(l)), &found.countries);
    let page = format!("/o/{}", found.slug);
    view! {
        <p>
            {t::public_page(l)}" "
            <a class="text-link" href=page.clone()><bdi class="code">{page.clone()}</bdi></a>
        </p>
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=found.slug/>
            <TextInput
                name="name"
                label=t::name(l)
                hint=t::name_hint(l)
                maxlength=120
                required=true
                autocomplete="organization"
                value=form.value_or("name", found.name)
                error=form.error("name")
            />
            <TextArea
                name="description_md"
                label=t::description(l)
                hint=t::description_hint(l)
                rows=8
                maxlength=5000
                value=form.value_or("description_md", found.description_md)
                error=form.error("description_md")
            />
            <TextInput
                name="contact_email"
                kind="email"
                label=t::contact(l)
                hint=t::contact_hint(l)
                required=true
                autocomplete="email"
                value=form.value_or("contact_email", found.contact_email)
                error=form.error("contact_email")
            />
            <TextInput
                name="website"
                kind="url"
                label=t::website(l)
                placeholder="https://example.com"
                maxlength=300
                autocomplete="url"
                value=form.value_or("website", found.website)
                error=form.error("website")
            />
            <Select
                name="country"
                label=t::country(l)
                choices=countries
                autocomplete="country"
                selected=form.value_or("country", found.country)
                error=form.error("country")
            />
            <div class="form-actions"><Button>{t::save(l)}</Button></div>
        </form>
        {tax}
        {security}
    }
    .into_any()
}

/// What the organization asks of those who work for it.
fn security(found: &OrganizationView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetOrganizationSecurity>();
    let organization = found.slug.clone();
    let checked = form.checked("second_factor", found.second_factor_required);
    view! {
        <Section title=t::security(l)>
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                {saved(form)}
                <input type="hidden" name="organization" value=organization/>
                <Checkbox
                    name="second_factor"
                    label=t::require_second_factor(l)
                    hint=t::require_second_factor_hint(l)
                    checked
                />
                <div class="form-actions"><Button>{t::save(l)}</Button></div>
            </form>
        </Section>
    }
    .into_any()
}
