//! Asks for a payout.

use app_api::{
    FormState,
    finance::{BalanceView, MoneyPageView, RequestPayout},
};
use app_ui::{Button, FormError, LinkButton, Notice, Section, TextInput, Tone, use_locale};
use domain::{money::Money, payouts::PayoutState};
use leptos::prelude::*;
use locales::{finance as t, money};

pub(super) fn section(organization: &str, found: &MoneyPageView) -> AnyView {
    let l = use_locale();
    if !found.proved {
        return prove(organization);
    }
    let forms = found
        .balances
        .iter()
        .filter(|one| one.owed.minor > 0)
        .map(|one| ask(organization, found, one))
        .collect::<Vec<_>>();
    if forms.is_empty() {
        return ().into_any();
    }
    view! { <Section title=t::request_title(l)><div class="stack">{forms}</div></Section> }
        .into_any()
}

/// Before money can move: who is it?
pub(super) fn prove(organization: &str) -> AnyView {
    let l = use_locale();
    let href = format!("/sign-in/again?next=/organize/{organization}/money");
    view! {
        <Notice tone=Tone::Info title=t::prove_title(l)>
            <p>{t::prove_text(l)}</p>
            <p><LinkButton href small=true>{t::prove_button(l)}</LinkButton></p>
        </Notice>
    }
    .into_any()
}

fn ask(organization: &str, found: &MoneyPageView, one: &BalanceView) -> AnyView {
    let l = use_locale();
    let currency = one.owed.currency;
    let open = found
        .payouts
        .iter()
        .any(|payout| payout.state == PayoutState::Requested && payout.amount.currency == currency);
    if open {
        return view! { <p>{currency.as_str()}": "{t::request_open(l)}</p> }.into_any();
    }
    if found.account.is_none() {
        return view! { <p>{t::request_no_account(l)}</p> }.into_any();
    }
    let form = FormState::of::<RequestPayout>("currency", currency.as_str());
    let hint = t::request_amount_hint(l, money::format(l, one.owed));
    let typed = form.value_or("amount", String::new());
    let least = Money::new(1, currency).to_decimal_string();
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <input type="hidden" name="currency" value=currency.as_str()/>
            <TextInput
                name="amount"
                id=format!("amount-{}", currency.as_str())
                label=t::request_amount(l)
                hint
                inputmode="decimal"
                placeholder=least
                suffix=currency.as_str()
                value=typed
                error=form.error("amount")
            />
            <div class="form-actions"><Button>{t::request_button(l)}</Button></div>
        </form>
    }
    .into_any()
}
