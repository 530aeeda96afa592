//! What an organization says of itself on invoices: a part of its settings.

use app_api::{
    FormState,
    invoices::{InvoiceSettingsView, SetInvoiceSettings},
};
use app_ui::{Button, Checkbox, FormError, Notice, Section, TextArea, TextInput, Tone, use_locale};
use leptos::prelude::*;
use locales::{invoices as t, team};

use crate::parts::saved;

pub(super) fn form(organization: String, found: InvoiceSettingsView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetInvoiceSettings>();
    let missing: Vec<_> = found
        .missing
        .iter()
        .filter_map(|missing| t::lookup(l, &format!("missing_{}", missing.code())))
        .map(|text| view! { <li>{text}</li> })
        .collect();
    let notice = (!missing.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Warning title=t::missing_title(l)>
                <ul>{missing}</ul>
            </Notice>
        }
    });
    let each_year = form.checked("each_year", found.each_year);
    let line = move |name: &'static str, label: &'static str, maxlength: u32, value: String| {
        view! {
            <TextInput name label=label maxlength value=form.value_or(name, value) error=form.error(name)/>
        }
    };
    view! {
        <Section title=t::settings(l) lead=t::settings_lead(l)>
            {notice}
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                {saved(form)}
                <input type="hidden" name="organization" value=organization/>
                {line("legal_name", t::legal_name(l), 160, found.legal_name)}
                <TextArea
                    name="street"
                    label=t::street(l)
                    rows=2
                    maxlength=200
                    value=form.value_or("street", found.street)
                    error=form.error("street")
                />
                {line("postcode", t::postcode(l), 20, found.postcode)}
                {line("city", t::city(l), 80, found.city)}
                {line("tax_number", t::tax_number(l), 40, found.tax_number)}
                {line("registration", t::registration(l), 60, found.registration)}
                <TextInput
                    name="invoice_prefix"
                    label=t::invoice_prefix(l)
                    hint=t::prefix_hint(l)
                    required=true
                    maxlength=8
                    value=form.value_or("invoice_prefix", found.invoice_prefix)
                    error=form.error("invoice_prefix")
                />
                <TextInput
                    name="credit_prefix"
                    label=t::credit_prefix(l)
                    hint=t::prefix_hint(l)
                    required=true
                    maxlength=8
                    value=form.value_or("credit_prefix", found.credit_prefix)
                    error=form.error("credit_prefix")
                />
                <Checkbox name="each_year" label=t::each_year(l) hint=t::each_year_hint(l) checked=each_year/>
                <div class="form-actions"><Button>{team::save(l)}</Button></div>
            </form>
        </Section>
    }
    .into_any()
}
