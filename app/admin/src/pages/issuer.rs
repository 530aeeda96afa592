//! `/admin/finance/issuer`: who the platform is on its invoices.

use app_api::{
    FormState,
    admin::{AdminIssuer, IssuerView, SetIssuer},
    ask,
};
use app_ui::{
    Button, ButtonKind, Checkbox, FormError, LinkButton, Section, TextArea, TextInput, use_locale,
};
use leptos::prelude::*;
use locales::{bills as t, dates, invoices, transfers};

use crate::parts::{Frame, loaded};

#[component]
pub fn IssuerPage() -> impl IntoView {
    let l = use_locale();
    let found = ask(|| AdminIssuer {});
    view! {
        <Frame title=t::issuer(l) lead=t::issuer_lead(l)>
            <p>
                <LinkButton href="/admin/finance/invoices" kind=ButtonKind::Secondary small=true>{t::title(l)}</LinkButton>
            </p>
            {loaded(found, form)}
        </Frame>
    }
}

fn form(found: Option<IssuerView>) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetIssuer>();
    let changed = found.as_ref().map(|found| {
        let when = dates::medium(l, found.changed, Some("UTC"));
        view! { <p class="buy-note">{transfers::settings_changed(l, &found.changed_by, when)}</p> }
    });
    let now = found.unwrap_or_else(|| IssuerView {
        invoice_prefix: "P".to_owned(),
        credit_prefix: "PC".to_owned(),
        ..IssuerView::default()
    });
    let text = move |name: &'static str,
                     (label, hint): (&'static str, &'static str),
                     (maxlength, required): (u32, bool),
                     value: String| {
        view! {
            <TextInput
                name=name
                label=label
                hint=hint
                maxlength
                required=required
                value=form.value_or(name, value)
                error=form.error(name)
            />
        }
    };
    let small = form.checked("small_business", now.small_business);
    view! {
        <Section title=t::issuer(l)>
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=form.form_error()/>
                {text("legal_name", (t::legal_name(l), ""), (160, true), now.legal_name)}
                <TextArea
                    name="street"
                    label=invoices::street(l)
                    rows=2
                    maxlength=200
                    required=true
                    value=form.value_or("street", now.street)
                    error=form.error("street")
                />
                {text("postcode", (invoices::postcode(l), ""), (20, false), now.postcode)}
                {text("city", (invoices::city(l), ""), (80, true), now.city)}
                {text("country", (t::country(l), t::country_hint(l)), (2, true), now.country)}
                {text("vat_id", (t::vat_id(l), t::vat_id_hint(l)), (30, false), now.vat_id)}
                {text("tax_number", (invoices::tax_number(l), ""), (40, false), now.tax_number)}
                {text("registration", (invoices::registration(l), ""), (60, false), now.registration)}
                {text("email", (t::email(l), t::email_hint(l)), (254, false), now.email)}
                {text("tax_rate", (t::tax_rate(l), t::tax_rate_hint(l)), (6, false), now.tax_rate)}
                <Checkbox name="small_business" label=t::small_business(l) checked=small/>
                {text("tax_note", (t::tax_note(l), t::tax_note_hint(l)), (300, false), now.tax_note)}
                {text("invoice_prefix", (invoices::invoice_prefix(l), invoices::prefix_hint(l)), (8, true), now.invoice_prefix)}
                {text("credit_prefix", (invoices::credit_prefix(l), invoices::prefix_hint(l)), (8, true), now.credit_prefix)}
                {changed}
                <div class="form-actions"><Button>{t::save(l)}</Button></div>
            </form>
        </Section>
    }
    .into_any()
}
