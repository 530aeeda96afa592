//! Whether the organization's prices contain tax, and under which number it is taxed.

use app_api::{
    FormState,
    organizers::{AskVatRegister, OrganizationView, SetOrganizationTax},
};
use app_ui::{
    Button, ButtonKind, Choice, FormError, Notice, RadioGroup, Section, Select, TextInput, Tone,
    use_locale,
};
use domain::pricing::TaxMode;
use leptos::prelude::*;
use locales::{Locale, team as t};

use crate::parts::{country_choices, saved, vat_check};

pub fn form(found: &OrganizationView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetOrganizationTax>();
    let organization = found.slug.clone();
    let tax = found.tax.clone();
    let countries = country_choices(Some(t::tax_country_own(l)), &found.countries);
    let in_vain = tax.vat_check.as_ref().is_some_and(|check| check.in_vain);
    let warning = (!found.can_be_paid_out).then(|| not_paid_out(&found.slug));
    let again = in_vain.then(|| ask_again(&found.slug));
    let checked = vat_check(l, tax.vat_check);
    let selected = form.value_or("mode", tax.mode);
    let choices = TaxMode::all().iter().map(|mode| choice(l, *mode)).collect();
    view! {
        <Section title=t::tax(l) lead=t::tax_lead(l)>
            {warning}
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=form.form_error()/>
                {saved(form)}
                <input type="hidden" name="organization" value=organization/>
                <RadioGroup
                    name="mode"
                    legend=t::tax_mode(l)
                    choices
                    selected
                    error=form.error("mode")
                    required=true
                />
                <Select
                    name="tax_country"
                    label=t::tax_country(l)
                    hint=t::tax_country_hint(l)
                    choices=countries
                    selected=form.value_or("tax_country", tax.country)
                    error=form.error("tax_country")
                />
                <TextInput
                    name="tax_region"
                    label=t::tax_region(l)
                    hint=t::tax_region_hint(l)
                    maxlength=80
                    value=form.value_or("tax_region", tax.region)
                    error=form.error("tax_region")
                />
                <TextInput
                    name="vat_id"
                    label=t::vat_id(l)
                    hint=t::vat_id_hint(l)
                    maxlength=30
                    value=form.value_or("vat_id", tax.vat_id)
                    error=form.error("vat_id")
                />
                {checked}
                <TextInput
                    name="tax_note"
                    label=t::tax_note(l)
                    hint=t::tax_note_hint(l)
                    maxlength=300
                    value=form.value_or("tax_note", tax.note)
                    error=form.error("tax_note")
                />
                <div class="form-actions"><Button>{t::save(l)}</Button></div>
            </form>
            {again}
        </Section>
    }
    .into_any()
}

/// Whoever is taxed sells; nobody should hear of this only when they want their money.
fn not_paid_out(organization: &str) -> AnyView {
    let l = use_locale();
    let href = format!("/organize/{organization}/money");
    view! {
        <Notice tone=Tone::Warning title=t::not_paid_out(l)>
            <p>{t::not_paid_out_text(l)}</p>
            <p><a class="text-link" href=href>{t::not_paid_out_link(l)}</a></p>
        </Notice>
    }
    .into_any()
}

/// The register was down when it was asked.
fn ask_again(organization: &str) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<AskVatRegister>();
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <p>{t::vat_in_vain(l)}</p>
            <div><Button kind=ButtonKind::Secondary small=true>{t::vat_ask_again(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn choice(l: Locale, mode: TaxMode) -> Choice {
    let (label, hint) = match mode {
        TaxMode::None => (t::tax_mode_none(l), t::tax_mode_none_hint(l)),
        TaxMode::SmallBusiness => (
            t::tax_mode_small_business(l),
            t::tax_mode_small_business_hint(l),
        ),
        TaxMode::Included => (t::tax_mode_included(l), t::tax_mode_included_hint(l)),
        TaxMode::Added => (t::tax_mode_added(l), t::tax_mode_added_hint(l)),
    };
    Choice::new(mode.code(), label).hint(hint)
}
