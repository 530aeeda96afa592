//! `/admin/finance/fees`: what the platform takes for tickets.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    admin::{AdminFees, AgreeFee, FeePlanView, WithdrawFee},
    ask,
};
use app_ui::{
    Button, ButtonKind, Choice, Column, ConfirmPanel, DataTable, DateTimeView, EmptyState,
    FormError, LinkButton, MoneyView, Notice, Section, Select, TextInput, Tone, use_locale,
};
use domain::money::Currency;
use leptos::prelude::*;
use locales::{Locale, finance as t, money};

use crate::parts::{Frame, loaded};

#[component]
pub fn FeesPage() -> impl IntoView {
    let l = use_locale();
    let ended = use_query_map().with_untracked(|q| q.get("done").is_some());
    let found = ask(|| AdminFees {});
    view! {
        <Frame title=t::fees_title(l) lead=t::fees_lead(l)>
            <p>
                <LinkButton href="/admin/finance" kind=ButtonKind::Secondary small=true>{t::fees_back(l)}</LinkButton>
            </p>
            {ended.then(|| view! { <Notice tone=Tone::Success title=t::payout_done(l)/> })}
            {loaded(found, show)}
        </Frame>
    }
}

fn show(plans: Vec<FeePlanView>) -> AnyView {
    let l = use_locale();
    let plans = if plans.is_empty() {
        view! { <EmptyState title=t::fees_none(l) text=t::fees_none_text(l)/> }.into_any()
    } else {
        table(l, plans)
    };
    view! {
        <Section title=t::fees_plans(l)>{plans}</Section>
        <Section title=t::fees_new(l)>{form(l)}</Section>
    }
    .into_any()
}

fn table(l: Locale, plans: Vec<FeePlanView>) -> AnyView {
    let columns = vec![
        Column::text(t::fees_for(l)),
        Column::number(t::fees_fixed(l)),
        Column::number(t::fees_percent(l)),
        Column::text(t::fees_bounds(l)),
        Column::text(t::fees_example(l)),
        Column::text(t::first(l)),
        Column::actions(t::fees_end(l)),
    ];
    let rows = plans.into_iter().map(|one| row(l, one)).collect_view();
    view! { <DataTable caption=t::fees_plans(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn row(l: Locale, one: FeePlanView) -> AnyView {
    let who = one
        .organization
        .clone()
        .unwrap_or_else(|| t::fees_everybody(l).to_owned());
    let percent = format!("{}.{:02} %", one.percent_bp / 100, one.percent_bp % 100);
    let bounds = match (one.min, one.max) {
        (None, None) => String::new(),
        (Some(least), None) => t::fees_at_least(l, money::format(l, least)),
        (None, Some(most)) => t::fees_at_most(l, money::format(l, most)),
        (Some(least), Some(most)) => {
            t::fees_between(l, money::format(l, least), money::format(l, most))
        }
    };
    let (price, fee) = one.example;
    let example = t::fees_of(l, money::format(l, fee), money::format(l, price));
    let form = FormState::of::<WithdrawFee>("plan", &one.id);
    let open = form.form_error().is_some();
    let until = one.until.map(|at| view! { " – "<DateTimeView at/> });
    view! {
        <tr>
            <th scope="row"><bdi>{who}</bdi></th>
            <td class="num" data-label=t::fees_fixed(l)><MoneyView amount=one.fixed/></td>
            <td class="num" data-label=t::fees_percent(l)>{percent}</td>
            <td data-label=t::fees_bounds(l)>{bounds}</td>
            <td data-label=t::fees_example(l)>{example}</td>
            <td data-label=t::first(l)><span><DateTimeView at=one.from/>{until}</span></td>
            <td data-label=t::fees_end(l)>
                <ConfirmPanel label=t::fees_end(l) open>
                    <form method="post" action=form.address()>
                        <FormError error=form.form_error()/>
                        <input type="hidden" name="plan" value=one.id/>
                        <p>{t::fees_end_text(l)}</p>
                        <Button kind=ButtonKind::Danger small=true>{t::fees_end_confirm(l)}</Button>
                    </form>
                </ConfirmPanel>
            </td>
        </tr>
    }
    .into_any()
}

fn form(l: Locale) -> AnyView {
    let form = FormState::new::<AgreeFee>();
    let currencies = Currency::all()
        .iter()
        .map(|one| Choice::new(one.as_str(), one.as_str()))
        .collect();
    let amount = |name: &'static str, label: &'static str, hint: &'static str| {
        view! {
            <TextInput
                name=name
                label=label
                hint=hint
                inputmode="decimal"
                value=form.value_or(name, String::new())
                error=form.error(name)
            />
        }
    };
    view! {
        <form method="post" action=form.address() class="form">
            <FormError error=form.form_error()/>
            {form.done().then(|| view! { <Notice tone=Tone::Success title=t::payout_done(l)/> })}
            <TextInput
                name="organization"
                label=t::fees_organization(l)
                hint=t::fees_organization_hint(l)
                value=form.value_or("organization", String::new())
                error=form.error("organization")
            />
            <Select
                name="currency"
                label=t::currency(l)
                choices=currencies
                required=true
                selected=form.value_or("currency", "EUR")
                error=form.error("currency")
            />
            {amount("fixed", t::fees_fixed(l), t::fees_fixed_hint(l))}
            {amount("percent", t::fees_percent(l), t::fees_percent_hint(l))}
            {amount("min", t::fees_min(l), "")}
            {amount("max", t::fees_max(l), "")}
            <TextInput
                name="first_day"
                kind="date"
                label=t::fees_first_day(l)
                hint=t::fees_first_day_hint(l)
                value=form.value_or("first_day", String::new())
                error=form.error("first_day")
            />
            <div class="form-actions"><Button>{t::fees_agree(l)}</Button></div>
        </form>
    }
    .into_any()
}
