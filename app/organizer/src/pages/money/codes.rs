//! `/organize/:org/money/report/codes`: what promo codes brought in, and what they took off.

use app_api::query::use_query_map;
use app_api::{
    ask,
    promo::{CodeFiguresView, CodeReportView, PromoReport},
};
use app_ui::{
    Button, ButtonKind, Choice, EmptyState, Figure, FigureRow, FigureTable, LinkButton, Select,
    TextInput, address, use_locale,
};
use domain::money::{Currency, Money};
use leptos::prelude::*;
use locales::{Locale, finance as f, promo as t};

use super::{Here, sections};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn CodeReportPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let wanted = Memo::new(move |_| {
        query.with(|q| {
            let text = |name| q.get(name).unwrap_or_default();
            (text("first"), text("last"), text("event"), text("as_of"))
        })
    });
    let found = ask(move || {
        let (organization, (first, last, event, as_of)) = (organization.get(), wanted.get());
        PromoReport {
            organization,
            first,
            last,
            event,
            as_of,
        }
    });
    view! {
        <Frame title=t::report_title(l)>
            {sections(&organization.get_untracked(), Here::Report)}
            <p class="lead">{t::report_lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), &found))}
        </Frame>
    }
}

fn show(organization: &str, found: &CodeReportView) -> AnyView {
    let l = use_locale();
    let back = format!("/organize/{organization}/money/report");
    let base = format!("{back}/codes");
    let (first, last) = (found.first.to_string(), found.last.to_string());
    let csv = address(
        &format!("{base}.csv"),
        &[
            ("first", &first),
            ("last", &last),
            ("event", &found.event),
            ("as_of", &found.as_of),
        ],
    );
    let events = std::iter::once(Choice::new("", f::report_all_events(l)))
        .chain(
            found
                .events
                .iter()
                .map(|(slug, title)| Choice::new(slug.clone(), title.clone())),
        )
        .collect();
    let body = if found.rows.is_empty() {
        view! { <EmptyState title=t::report_none(l) text=""/> }.into_any()
    } else {
        view! {
            {table(l, &found.rows)}
            <p class="form-actions">
                <LinkButton href=csv kind=ButtonKind::Secondary small=true external=true>{f::report_csv(l)}</LinkButton>
            </p>
        }
        .into_any()
    };
    view! {
        <p><LinkButton href=back kind=ButtonKind::Secondary small=true>{t::report_back(l)}</LinkButton></p>
        <form action=base class="form-row">
            <TextInput name="first" kind="date" label=f::first(l) required=true value=first/>
            <TextInput name="last" kind="date" label=f::last(l) required=true value=last/>
            <Select name="event" label=f::report_event(l) choices=events selected=found.event.clone()/>
            <Button kind=ButtonKind::Secondary>{f::report_show(l)}</Button>
        </form>
        <p>{f::report_days(l, &found.zone)}</p>
        {body}
    }
    .into_any()
}

fn table(l: Locale, rows: &[CodeFiguresView]) -> AnyView {
    let heads = vec![
        t::report_orders(l),
        t::report_tickets(l),
        t::report_revenue(l),
        f::col_refunded(l),
        t::report_discount(l),
    ];
    let line = |name: String, one: &CodeFiguresView| FigureRow {
        name,
        figures: vec![
            Figure::Count(u64::from(one.orders)),
            Figure::Count(u64::from(one.tickets)),
            Figure::Amount(one.revenue),
            Figure::Amount(one.refunded),
            Figure::Amount(one.discount),
        ],
    };
    let totals = totals(rows)
        .iter()
        .map(|one| line(t::report_total(l).to_owned(), one))
        .collect();
    let rows = rows
        .iter()
        .map(|one| {
            let name = if one.name.is_empty() {
                one.code.clone()
            } else {
                format!("{} · {}", one.code, one.name)
            };
            line(name, one)
        })
        .collect();
    view! { <FigureTable caption=t::report_title(l) name=t::report_name(l) heads rows totals/> }
        .into_any()
}

/// One for each currency, in the order in which they come.
fn totals(rows: &[CodeFiguresView]) -> Vec<CodeFiguresView> {
    let mut totals: Vec<(Currency, CodeFiguresView)> = Vec::new();
    for one in rows {
        let currency = one.revenue.currency;
        match totals.iter_mut().find(|(other, _)| *other == currency) {
            None => totals.push((currency, one.clone())),
            Some((_, sum)) => {
                let add =
                    |a: Money, b: Money| Money::new(a.minor.saturating_add(b.minor), currency);
                sum.orders = sum.orders.saturating_add(one.orders);
                sum.tickets = sum.tickets.saturating_add(one.tickets);
                sum.revenue = add(sum.revenue, one.revenue);
                sum.refunded = add(sum.refunded, one.refunded);
                sum.discount = add(sum.discount, one.discount);
            }
        }
    }
    totals.into_iter().map(|(_, sum)| sum).collect()
}
