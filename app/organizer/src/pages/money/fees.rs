//! `/organize/:org/money/fees`: what the platform bills the organization.

use app_api::query::use_query_map;
use app_api::{
    ask,
    finance::{BillListView, BillView, OrganizerFees},
};
use app_ui::{
    Badge, Column, DataTable, EmptyState, KeysetPager, MoneyView, Tone, address, use_locale,
};
use domain::invoices::Kind;
use leptos::prelude::*;
use locales::{bills as t, dates};

use super::{Here, sections};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn FeesPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|q| q.get("after")));
    let found = ask(move || OrganizerFees {
        organization: organization.get(),
        after: after.get(),
    });
    view! {
        <Frame title=t::fees(l)>
            {sections(&organization.get_untracked(), Here::Fees)}
            <p class="lead">{t::fees_lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: BillListView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/money/fees");
    let next = found.next.map(|after| address(&base, &[("after", &after)]));
    if found.rows.is_empty() {
        return view! { <EmptyState title=t::none(l) text=t::none_text(l)/> }.into_any();
    }
    view! { {table(&base, found.rows)}<KeysetPager next/> }.into_any()
}

fn table(base: &str, rows: Vec<BillView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::number(l)),
        Column::text(t::month(l)),
        Column::text(t::issued(l)),
        Column::number(t::net(l)),
        Column::number(t::tax(l)),
        Column::number(t::total(l)),
    ];
    let rows = rows.into_iter().map(|row| line(base, row)).collect_view();
    view! { <DataTable caption=t::fees(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn line(base: &str, row: BillView) -> AnyView {
    let l = use_locale();
    let file = format!("{base}/{}.pdf", row.number);
    let note = matches!(row.kind, Kind::CreditNote | Kind::PlatformCredit)
        .then(|| view! { " "<Badge tone=Tone::Info>{t::credit_note(l)}</Badge> });
    let month = format!(
        "{} {}",
        dates::month(l, row.month.month()),
        row.month.year()
    );
    let reverse = row
        .reverse_charge
        .then(|| view! { <br/><small>{t::reverse_charge(l)}</small> });
    view! {
        <tr>
            <td data-label=t::number(l)>
                <span><a class="text-link" href=file rel="external"><bdi class="code">{row.number}</bdi></a>{note}</span>
            </td>
            <td data-label=t::month(l)>{month}</td>
            <td data-label=t::issued(l)>{dates::date_medium(l, row.issued_on)}</td>
            <td class="num" data-label=t::net(l)><MoneyView amount=row.net/></td>
            <td class="num" data-label=t::tax(l)><span><MoneyView amount=row.tax/>{reverse}</span></td>
            <td class="num" data-label=t::total(l)><MoneyView amount=row.total/></td>
        </tr>
    }
    .into_any()
}
