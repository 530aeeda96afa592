//! Corrects what an organization is owed.

use app_api::{FormState, admin::AdjustBalance};
use app_ui::{
    Button, ButtonKind, Choice, ConfirmPanel, FormError, Notice, Section, Select, TextInput, Tone,
    use_locale,
};
use domain::money::Currency;
use leptos::prelude::*;
use locales::finance as t;

#[component]
pub fn AdjustPanel(
    #[prop(into)] organization: String,
    /// What it will be called: however often the form is sent, it is booked once.
    adjustment: String,
) -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<AdjustBalance>();
    let currencies = Currency::all()
        .iter()
        .map(|one| Choice::new(one.as_str(), one.as_str()))
        .collect();
    view! {
        <Section title=t::adjust_title(l)>
            <p>{t::adjust_lead(l)}</p>
            {form.done().then(|| view! { <Notice tone=Tone::Success title=t::payout_done(l)/> })}
            <ConfirmPanel label=t::adjust_open(l) open=form.failed()>
                <form method="post" action=form.address() class="form">
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=organization/>
                    <input type="hidden" name="adjustment" value=adjustment/>
                    <TextInput
                        name="amount"
                        label=t::adjust_amount(l)
                        hint=t::adjust_amount_hint(l)
                        maxlength=20
                        required=true
                        value=form.value_or("amount", String::new())
                        error=form.error("amount")
                    />
                    <Select
                        name="currency"
                        label=t::currency(l)
                        choices=currencies
                        required=true
                        selected=form.value_or("currency", "EUR")
                        error=form.error("currency")
                    />
                    <TextInput
                        name="reason"
                        label=t::adjust_reason(l)
                        hint=t::adjust_reason_hint(l)
                        maxlength=300
                        required=true
                        value=form.value_or("reason", String::new())
                        error=form.error("reason")
                    />
                    <div class="form-actions"><Button kind=ButtonKind::Danger>{t::adjust_confirm(l)}</Button></div>
                </form>
            </ConfirmPanel>
        </Section>
    }
}
