//! `/admin/finance/transfers/account`: where buyers transfer to.

use app_api::{
    FormState,
    admin::{AdminTransferAccount, SetTransfers, TransferAccountView},
    ask,
};
use app_ui::{Button, Checkbox, Choice, FormError, Section, Select, TextInput, use_locale};
use domain::money::Currency;
use leptos::prelude::*;
use locales::{dates, finance, transfers as t};

use super::back;
use crate::parts::{Frame, loaded};

#[component]
pub fn TransferAccountPage() -> impl IntoView {
    let l = use_locale();
    let found = ask(|| AdminTransferAccount {});
    view! {
        <Frame title=t::settings_title(l) lead=t::settings_lead(l)>
            {back()}
            {loaded(found, form)}
        </Frame>
    }
}

fn form(found: Option<TransferAccountView>) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetTransfers>();
    let currencies = Currency::all()
        .iter()
        .map(|one| Choice::new(one.as_str(), one.as_str()))
        .collect();
    let changed = found.as_ref().map(|found| {
        let when = dates::medium(l, found.changed, Some("UTC"));
        view! { <p class="buy-note">{t::settings_changed(l, &found.changed_by, when)}</p> }
    });
    let now = found.unwrap_or_else(|| TransferAccountView {
        offered: false,
        holder: String::new(),
        iban: String::new(),
        bic: String::new(),
        bank: String::new(),
        currency: "EUR".to_owned(),
        days: 7,
        days_before: 3,
        changed: jiff::civil::DateTime::default(),
        changed_by: String::new(),
    });
    let text = move |name: &'static str,
                     label: &'static str,
                     hint: &'static str,
                     value: String,
                     required: bool| {
        view! {
            <TextInput
                name=name
                label=label
                hint=hint
                required=required
                maxlength=70
                value=form.value_or(name, value)
                error=form.error(name)
            />
        }
    };
    let offered = form.checked("offered", now.offered);
    view! {
        <Section title=t::settings_title(l)>
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <Checkbox name="offered" label=t::settings_offered(l) checked=offered/>
                {text("holder", t::settings_holder(l), finance::account_holder_hint(l), now.holder, true)}
                {text("iban", t::settings_iban(l), "", now.iban, true)}
                {text("bic", t::settings_bic(l), t::settings_bic_hint(l), now.bic, false)}
                {text("bank", t::settings_bank(l), "", now.bank, false)}
                <Select
                    name="currency"
                    label=finance::currency(l)
                    choices=currencies
                    required=true
                    selected=form.value_or("currency", now.currency)
                    error=form.error("currency")
                />
                <TextInput
                    name="days"
                    label=t::settings_days(l)
                    hint=t::settings_days_hint(l)
                    inputmode="numeric"
                    required=true
                    value=form.value_or("days", now.days.to_string())
                    error=form.error("days")
                />
                <TextInput
                    name="days_before"
                    label=t::settings_before(l)
                    hint=t::settings_before_hint(l)
                    inputmode="numeric"
                    required=true
                    value=form.value_or("days_before", now.days_before.to_string())
                    error=form.error("days_before")
                />
                <div class="form-actions"><Button>{t::settings_save(l)}</Button></div>
            </form>
            {changed}
        </Section>
    }
    .into_any()
}
