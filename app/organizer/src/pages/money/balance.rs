//! `/organize/:org/money`: what is owed, where it goes, and the latest payouts.

use app_api::{
    ask,
    finance::{BalanceView, ConnectedView, MoneyPageView, OrganizerConnect, OrganizerMoney},
};
use app_ui::{ButtonKind, EmptyState, LinkButton, Section, Stat, use_locale};
use leptos::prelude::*;
use locales::{disputes, finance as t, money};

use super::{Here, account, connect, payouts, request, sections};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn BalancePage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let connected = ask(move || OrganizerConnect {
        organization: organization.get(),
    });
    let found = ask(move || OrganizerMoney {
        organization: organization.get(),
    });
    view! {
        <Frame title=t::title(l)>
            <p class="lead">{t::lead(l)}</p>
            {sections(&organization.get_untracked(), Here::Balance)}
            {loaded(connected, move |connected| {
                let connected = StoredValue::new(connected);
                loaded(found, move |found| show(&organization.get_untracked(), found, connected.get_value()))
            })}
        </Frame>
    }
}

fn show(organization: &str, found: MoneyPageView, connected: Option<ConnectedView>) -> AnyView {
    let l = use_locale();
    let several = found.balances.len() > 1;
    let balances = if found.balances.is_empty() {
        view! { <EmptyState title=t::none_title(l) text=t::none_text(l)/> }.into_any()
    } else {
        found
            .balances
            .iter()
            .map(|one| balance(one, several))
            .collect_view()
            .into_any()
    };
    let asking = found
        .may_manage
        .then(|| request::section(organization, &found));
    let account = account::section(organization, &found);
    let banner = connect::banner(connected.as_ref());
    let connected = connect::section(organization, connected, found.may_manage && found.proved);
    let all = found.more_payouts.then(|| {
        let href = format!("/organize/{organization}/money/payouts");
        view! {
            <p>
                <LinkButton href kind=ButtonKind::Secondary small=true>{t::payouts_all(l)}</LinkButton>
            </p>
        }
    });
    let payouts = payouts::table(organization, found.payouts);
    view! {
        {banner}
        {balances}
        {asking}
        <Section title=t::payouts_title(l)>{payouts}{all}</Section>
        {account}
        {connected}
    }
    .into_any()
}

fn balance(one: &BalanceView, several: bool) -> AnyView {
    let l = use_locale();
    let amount = |amount| money::format(l, amount);
    let in_debt = one.owed.is_negative();
    let (label, value, note) = if in_debt {
        (
            t::in_debt(l),
            amount(-one.owed),
            Some(t::in_debt_note(l).to_owned()),
        )
    } else {
        let tax = (one.tax.minor > 0).then(|| t::available_tax(l, amount(one.tax)));
        (t::available(l), amount(one.owed), tax)
    };
    let kept = (!one.reserve.is_zero()).then(|| {
        view! { <Stat label=t::reserve(l) value=amount(one.reserve) note=t::reserve_note(l).to_owned()/> }
    });
    let refunds = (!one.refunds.is_zero()).then(|| {
        view! { <Stat label=t::refunds(l) value=amount(one.refunds) note=t::refunds_note(l).to_owned()/> }
    });
    let disputed = (!one.disputed.is_zero()).then(|| {
        let note = disputes::balance_note(l).to_owned();
        view! { <Stat label=disputes::balance(l) value=amount(one.disputed) note/> }
    });
    let heading = several.then(|| {
        view! { <h2>{t::currencies(l, one.owed.currency.as_str())}</h2> }
    });
    view! {
        {heading}
        <div class="stats">
            <Stat label value note/>
            <Stat label=t::on_the_way(l) value=amount(one.on_the_way)/>
            {kept}
            {refunds}
            {disputed}
        </div>
    }
    .into_any()
}
