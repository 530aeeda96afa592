//! Where the money goes, and how often by itself.

use app_api::{
    FormState,
    finance::{MoneyPageView, RemovePayoutAccount, SetPayoutAccount, SetPayoutSchedule},
};
use app_ui::{
    Button, ButtonKind, Choice, ConfirmPanel, DateStyle, DateTimeView, Disclosure, FormError,
    Section, Select, TextInput, use_locale,
};
use domain::payouts::Schedule;
use leptos::prelude::*;
use locales::finance as t;

use super::words;
use crate::parts::saved;

pub(super) fn section(organization: &str, found: &MoneyPageView) -> AnyView {
    let l = use_locale();
    let account = match &found.account {
        None => view! { <p>{t::account_none(l)}</p> }.into_any(),
        Some(account) => view! {
            <p>
                <bdi>{t::account_to(l, &account.holder, &account.last_four)}</bdi>
                " · "{t::account_since(l)}" "
                <DateTimeView at=account.since style=DateStyle::Date/>
            </p>
        }
        .into_any(),
    };
    let next = found.next_payout.map(|at| {
        view! { <p>{t::schedule_next(l)}" "<DateTimeView at style=DateStyle::Date/></p> }
    });
    let change = (found.may_manage && found.proved).then(|| change(organization, found));
    view! {
        <Section title=t::account_title(l)>
            <div class="stack">{account}{next}{change}</div>
        </Section>
    }
    .into_any()
}

fn change(organization: &str, found: &MoneyPageView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetPayoutAccount>();
    let fields = fields(organization, form);
    let there = found.account.is_some();
    let owner = organization.to_owned();
    let fields = if there {
        let open = form.form_error().is_some()
            || ["holder", "number", "bank_code"]
                .iter()
                .any(|name| form.error(name).is_some());
        view! { <Disclosure label=t::account_change(l) open>{fields}</Disclosure> }.into_any()
    } else {
        fields
    };
    let remove = there.then(|| {
        let form = FormState::new::<RemovePayoutAccount>();
        view! {
            <ConfirmPanel label=t::account_remove(l) open=form.form_error().is_some()>
                <form method="post" action=form.address()>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="organization" value=owner/>
                    <Button kind=ButtonKind::Danger small=true>{t::account_remove_confirm(l)}</Button>
                </form>
            </ConfirmPanel>
        }
    });
    view! {
        {saved(form)}
        {fields}
        {remove}
        {schedule(organization, found.schedule)}
    }
    .into_any()
}

fn fields(organization: &str, form: FormState) -> AnyView {
    let l = use_locale();
    view! {
        <form method="post" action=form.address() class="form" autocomplete="off">
            <FormError error=form.form_error()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <TextInput
                name="holder"
                label=t::account_holder(l)
                hint=t::account_holder_hint(l)
                maxlength=70
                required=true
                value=form.value_or("holder", String::new())
                error=form.error("holder")
            />
            <TextInput
                name="number"
                label=t::account_number(l)
                maxlength=60
                required=true
                value=form.value_or("number", String::new())
                error=form.error("number")
            />
            <TextInput
                name="bank_code"
                label=t::account_bank_code(l)
                hint=t::account_bank_code_hint(l)
                maxlength=20
                value=form.value_or("bank_code", String::new())
                error=form.error("bank_code")
            />
            <p class="field-hint">{t::account_told(l)}</p>
            <div class="form-actions"><Button>{t::account_save(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn schedule(organization: &str, now: Schedule) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetPayoutSchedule>();
    let choices = Schedule::all()
        .iter()
        .map(|one| Choice::new(one.code(), words::schedule(l, *one)))
        .collect();
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            {saved(form)}
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <Select
                name="schedule"
                label=t::schedule(l)
                choices
                required=true
                selected=form.value_or("schedule", now.code().to_owned())
                error=form.error("schedule")
            />
            <div class="form-actions">
                <Button kind=ButtonKind::Secondary>{t::schedule_save(l)}</Button>
            </div>
        </form>
    }
    .into_any()
}
