//! `/organize/:org/money/report`: figures of a span of days.

use app_api::finance::{ReportRowView, ReportView, organizer_report};
use app_ui::{
    BarChart, Button, ButtonKind, ChartPoint, Choice, Column, DataTable, EmptyState, LinkButton,
    MoneyView, Select, TextInput, use_locale,
};
use domain::money::Currency;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use locales::{Locale, finance as t, money, numbers::integer};

use super::{Here, sections};
use crate::parts::{Frame, address, loaded, use_part};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ask {
    by: String,
    first: String,
    last: String,
}

#[component]
pub fn ReportPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let ask = Memo::new(move |_| {
        query.with(|q| Ask {
            by: q.get("by").unwrap_or_default(),
            first: q.get("first").unwrap_or_default(),
            last: q.get("last").unwrap_or_default(),
        })
    });
    let found = Resource::new_blocking(
        move || (organization.get(), ask.get()),
        |(organization, ask)| organizer_report(organization, ask.by, ask.first, ask.last),
    );
    view! {
        <Frame title=t::report_title(l)>
            {sections(&organization.get_untracked(), Here::Report)}
            <p class="lead">{t::report_lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: ReportView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/money/report");
    let (first, last) = (found.first.to_string(), found.last.to_string());
    let file = address(
        &format!("{base}.csv"),
        &[("by", &found.by), ("first", &first), ("last", &last)],
    );
    let choices = vec![
        Choice::new("month", t::by_month(l)),
        Choice::new("event", t::by_event(l)),
    ];
    let body = if found.rows.is_empty() {
        view! { <EmptyState title=t::report_none(l) text=""/> }.into_any()
    } else {
        view! {
            {charts(l, &found)}
            {table(l, &found)}
            <p>
                <LinkButton href=file kind=ButtonKind::Secondary small=true external=true>
                    {t::report_csv(l)}
                </LinkButton>
            </p>
        }
        .into_any()
    };
    view! {
        <form action=base class="form-row">
            <TextInput name="first" kind="date" label=t::first(l) required=true value=first/>
            <TextInput name="last" kind="date" label=t::last(l) required=true value=last/>
            <Select name="by" label=t::report_by(l) choices required=true selected=found.by.clone()/>
            <Button kind=ButtonKind::Secondary>{t::report_show(l)}</Button>
        </form>
        {body}
    }
    .into_any()
}

/// What buyers paid from month to month, currency by currency.
fn charts(l: Locale, found: &ReportView) -> AnyView {
    if found.by != "month" {
        return ().into_any();
    }
    found
        .totals
        .iter()
        .map(|total| total.gross.currency)
        .filter(|currency| of(found, *currency).count() > 1)
        .map(|currency| {
            let points = of(found, currency)
                .map(|row| ChartPoint::new(name(row), row.gross.minor, money::format(l, row.gross)))
                .collect();
            view! { <BarChart title=t::chart_title(l, currency.as_str()) points/> }
        })
        .collect_view()
        .into_any()
}

fn of(found: &ReportView, currency: Currency) -> impl Iterator<Item = &ReportRowView> {
    found
        .rows
        .iter()
        .filter(move |row| row.gross.currency == currency)
}

fn name(row: &ReportRowView) -> String {
    if row.name.is_empty() {
        row.key.clone()
    } else {
        row.name.clone()
    }
}

fn table(l: Locale, found: &ReportView) -> AnyView {
    let columns = vec![
        Column::text(t::col_name(l)),
        Column::number(t::col_orders(l)),
        Column::number(t::col_gross(l)),
        Column::number(t::col_refunded(l)),
        Column::number(t::col_taxes(l)),
        Column::number(t::col_fees(l)),
        Column::number(t::col_net(l)),
    ];
    let rows = found.rows.iter().map(|row| line(l, name(row), row));
    let totals = found
        .totals
        .iter()
        .filter(|_| found.rows.len() > 1)
        .map(|row| line(l, t::total(l).to_owned(), row));
    let rows = rows.chain(totals).collect::<Vec<_>>();
    view! { <DataTable caption=t::report_title(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}

fn line(l: Locale, name: String, row: &ReportRowView) -> AnyView {
    let row = row.clone();
    view! {
        <tr>
            <th scope="row"><bdi>{name}</bdi></th>
            <td class="num" data-label=t::col_orders(l)>{integer(u64::from(row.orders))}</td>
            <td class="num" data-label=t::col_gross(l)><MoneyView amount=row.gross/></td>
            <td class="num" data-label=t::col_refunded(l)><MoneyView amount=row.refunded/></td>
            <td class="num" data-label=t::col_taxes(l)><MoneyView amount=row.tax/></td>
            <td class="num" data-label=t::col_fees(l)><MoneyView amount=row.fees/></td>
            <td class="num" data-label=t::col_net(l)><MoneyView amount=row.net/></td>
        </tr>
    }
    .into_any()
}
