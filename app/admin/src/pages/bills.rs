//! `/admin/finance/invoices`: what the platform bills organizations over its fees.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    admin::{AdminBills, BillOrganizations, BillsView},
    ask,
    finance::BillView,
};
use app_ui::{
    Badge, Button, ButtonKind, Column, DataTable, EmptyState, FormError, KeysetPager, LinkButton,
    MoneyView, Notice, Section, TextInput, Tone, address, use_locale,
};
use domain::invoices::Kind;
use leptos::prelude::*;
use locales::{bills as t, dates, finance};

use crate::parts::{Frame, loaded};

const HOME: &str = "/admin/finance/invoices";

#[component]
pub fn BillsPage() -> impl IntoView {
    let l = use_locale();
    let query = use_query_map();
    let done = query.with_untracked(|q| (q.get("done"), q.get("issued")));
    let done = done.0.map(|_| match done.1.and_then(|n| n.parse().ok()) {
        Some(issued) => t::issued_now(l, issued),
        None => t::saved(l).to_owned(),
    });
    let wanted = Memo::new(move |_| {
        query.with(|q| {
            (
                q.get("month").unwrap_or_default(),
                q.get("organization").unwrap_or_default(),
                q.get("after"),
            )
        })
    });
    let found = ask(move || {
        let (month, organization, after) = wanted.get();
        AdminBills {
            month,
            organization,
            after,
        }
    });
    view! {
        <Frame title=t::title(l) lead=t::lead(l)>
            <p>
                <LinkButton href="/admin/finance" kind=ButtonKind::Secondary small=true>{finance::fees_back(l)}</LinkButton>
                " "
                <LinkButton href="/admin/finance/issuer" kind=ButtonKind::Secondary small=true>{t::issuer(l)}</LinkButton>
            </p>
            {done.map(|title| view! { <Notice tone=Tone::Success title/> })}
            {loaded(found, move |found| show(wanted.get_untracked().1, found))}
        </Frame>
    }
}

fn show(organization: String, found: BillsView) -> AnyView {
    let l = use_locale();
    let month = found.month.unwrap_or_default();
    let next = found.bills.next.map(|after| {
        let query = [
            ("month", month.as_str()),
            ("organization", &organization),
            ("after", &after),
        ];
        address(HOME, &query)
    });
    let file = format!("{HOME}.csv?month={month}");
    let body = if found.bills.items.is_empty() {
        view! { <EmptyState title=t::none(l) text=t::none_admin(l)/> }.into_any()
    } else {
        table(found.bills.items)
    };
    view! {
        {act(found.waits)}
        <Section title=t::all(l)>
            <form action=HOME class="form-row">
                <TextInput name="month" kind="month" label=t::month(l) hint=t::month_hint(l) value=month maxlength=7/>
                <TextInput name="organization" label=t::organization(l) value=organization maxlength=80/>
                <Button kind=ButtonKind::Secondary>{t::show(l)}</Button>
            </form>
            {body}
            <KeysetPager next/>
            <p class="form-actions">
                <LinkButton href=file kind=ButtonKind::Secondary small=true external=true>{t::download(l)}</LinkButton>
            </p>
        </Section>
    }
    .into_any()
}

/// That nothing can be issued yet, or a way not to wait for the first of the month.
fn act(waits: bool) -> AnyView {
    let l = use_locale();
    if waits {
        return view! {
            <Notice tone=Tone::Warning title=t::waits(l)>
                <p>{t::waits_text(l)}</p>
                <p><LinkButton href="/admin/finance/issuer" small=true>{t::fill_in(l)}</LinkButton></p>
            </Notice>
        }
        .into_any();
    }
    let form = FormState::new::<BillOrganizations>();
    view! {
        <div class="card stack">
            <p>{t::by_itself(l)}</p>
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <Button kind=ButtonKind::Secondary>{t::issue_now(l)}</Button>
            </form>
        </div>
    }
    .into_any()
}

fn table(rows: Vec<BillView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::number(l)),
        Column::text(t::organization(l)),
        Column::text(t::month(l)),
        Column::text(t::issued(l)),
        Column::number(t::net(l)),
        Column::number(t::tax(l)),
        Column::number(t::total(l)),
    ];
    let rows = rows.into_iter().map(line).collect_view();
    view! { <DataTable caption=t::all(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn line(row: BillView) -> AnyView {
    let l = use_locale();
    let file = format!("{HOME}/{}.pdf", row.number);
    let note = matches!(row.kind, Kind::CreditNote | Kind::PlatformCredit)
        .then(|| view! { " "<Badge tone=Tone::Info>{t::credit_note(l)}</Badge> });
    let month = format!(
        "{} {}",
        dates::month(l, row.month.month()),
        row.month.year()
    );
    let named = (row.recipient != row.organization)
        .then(|| view! { <br/><small><bdi>{row.recipient}</bdi></small> });
    let reverse = row
        .reverse_charge
        .then(|| view! { <br/><small>{t::reverse_charge(l)}</small> });
    view! {
        <tr>
            <th scope="row">
                <a class="text-link" href=file rel="external"><bdi class="code">{row.number}</bdi></a>{note}
            </th>
            <td data-label=t::organization(l)><span><bdi>{row.organization}</bdi>{named}</span></td>
            <td data-label=t::month(l)>{month}</td>
            <td data-label=t::issued(l)>{dates::date_medium(l, row.issued_on)}</td>
            <td class="num" data-label=t::net(l)><MoneyView amount=row.net/></td>
            <td class="num" data-label=t::tax(l)><span><MoneyView amount=row.tax/>{reverse}</span></td>
            <td class="num" data-label=t::total(l)><MoneyView amount=row.total/></td>
        </tr>
    }
    .into_any()
}
