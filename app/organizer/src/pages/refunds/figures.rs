//! What it would mean if everybody were refunded now.

use app_api::refunds::{CallOffView, MoneyBackView};
use app_ui::{Definition, DefinitionList, MoneyView, Notice, Section, Tone, use_locale};
use leptos::prelude::*;
use locales::{money, numbers::integer, refunds as t};

pub(super) fn figures(found: &CallOffView) -> AnyView {
    let l = use_locale();
    let count = |n: u32| integer(u64::from(n));
    if found.orders == 0 && found.unpaid == 0 {
        return view! { <Section title=t::figures(l)><p>{t::figures_none(l)}</p></Section> }
            .into_any();
    }
    let (orders, tickets) = (count(found.orders), count(found.tickets));
    let (unpaid, disputed) = (found.unpaid, found.disputed);
    let unpaid = (unpaid > 0).then(|| {
        view! { <Definition term=t::unpaid(l)>{count(unpaid)}</Definition> }
    });
    let disputed = (disputed > 0).then(move || {
        view! {
            <Definition term=t::disputed(l)>
                <span>{count(disputed)}<br/><small>{t::disputed_hint(l)}</small></span>
            </Definition>
        }
    });
    let money = found.money.iter().copied().map(one).collect_view();
    let covered = found.money.iter().copied().map(covered).collect_view();
    view! {
        <Section title=t::figures(l) lead=t::figures_lead(l)>
            <DefinitionList>
                <Definition term=t::orders(l)>{orders}</Definition>
                <Definition term=t::tickets(l)>{tickets}</Definition>
                {unpaid}
                {disputed}
                {money}
            </DefinitionList>
            {covered}
        </Section>
    }
    .into_any()
}

fn one(one: MoneyBackView) -> AnyView {
    let l = use_locale();
    let fee = (!one.fee.is_zero()).then(|| {
        view! {
            <Definition term=t::fee_back(l)>
                <span><MoneyView amount=one.fee/><br/><small>{t::fee_kept(l)}</small></span>
            </Definition>
        }
    });
    let tax = (!one.tax.is_zero())
        .then(|| view! { <Definition term=t::tax(l)><MoneyView amount=one.tax/></Definition> });
    let balance = one.balance.map(
        |balance| view! { <Definition term=t::balance(l)><MoneyView amount=balance/></Definition> },
    );
    let short = one
        .short
        .map(|short| view! { <Definition term=t::short(l)><MoneyView amount=short/></Definition> });
    view! {
        <Definition term=t::refund_total(l)><strong><MoneyView amount=one.refund/></strong></Definition>
        {fee}
        {tax}
        <Definition term=t::own(l)><MoneyView amount=one.own/></Definition>
        {balance}
        {short}
    }
    .into_any()
}

/// Only for those who see the balance.
fn covered(one: MoneyBackView) -> Option<AnyView> {
    let l = use_locale();
    one.balance?;
    let (tone, text) = match one.short {
        Some(short) => (Tone::Warning, t::short_text(l, money::format(l, short))),
        None => (Tone::Success, t::covered(l).to_owned()),
    };
    Some(view! { <Notice tone title=text/> }.into_any())
}
