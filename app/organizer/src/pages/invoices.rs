//! `/organize/:org/invoices`: invoices and credit notes of an organization.

use app_api::query::use_query_map;
use app_api::{
    ask,
    invoices::{DocumentListView, DocumentView, OrganizerInvoices},
};
use app_ui::{
    Button, ButtonKind, Column, DataTable, EmptyState, KeysetPager, LinkButton, MoneyView,
    TextInput, address, use_locale,
};
use domain::invoices::Kind;
use leptos::prelude::*;
use locales::{dates, invoices as t};

use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn InvoicesPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let wanted =
        Memo::new(move |_| query.with(|q| (q.get("month").unwrap_or_default(), q.get("after"))));
    let found = ask(move || {
        let (organization, (month, after)) = (organization.get(), wanted.get());
        OrganizerInvoices {
            organization,
            month,
            after,
        }
    });
    view! {
        <Frame title=t::documents(l)>
            <p class="lead">{t::lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: DocumentListView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/invoices");
    let month = found.month.clone().unwrap_or_default();
    let next = found
        .next
        .map(|after| address(&base, &[("month", &month), ("after", &after)]));
    let file = found.month.map(|month| {
        let href = address(&format!("{base}.csv"), &[("month", &month)]);
        view! {
            <LinkButton href kind=ButtonKind::Secondary small=true external=true>{t::download(l)}</LinkButton>
        }
    });
    let body = if found.rows.is_empty() {
        view! { <EmptyState title=t::none_title(l) text=t::none_text(l)/> }.into_any()
    } else {
        table(organization, found.rows)
    };
    view! {
        <form method="get" action=base class="form">
            <TextInput name="month" kind="month" label=t::month(l) hint=t::month_hint(l) value=month maxlength=7/>
            <div class="form-actions">
                <Button kind=ButtonKind::Secondary>{t::show(l)}</Button>
                {file}
            </div>
        </form>
        {body}
        <KeysetPager next/>
    }
    .into_any()
}

/// Documents with their files; each leads to its order.
pub(super) fn table(organization: &str, rows: Vec<DocumentView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::number(l)),
        Column::text(t::kind(l)),
        Column::text(t::date(l)),
        Column::text(t::buyer(l)),
        Column::text(t::order(l)),
        Column::number(t::tax(l)),
        Column::number(t::total(l)),
    ];
    let rows = rows
        .into_iter()
        .map(|row| line(organization, row))
        .collect_view();
    view! { <DataTable caption=t::documents(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn line(organization: &str, row: DocumentView) -> AnyView {
    let l = use_locale();
    let file = format!("/organize/{organization}/invoices/{}.pdf", row.number);
    let order = format!("/organize/{organization}/orders/{}", row.order);
    let kind = match row.kind {
        Kind::CreditNote | Kind::PlatformCredit => t::credit_note(l),
        Kind::Invoice | Kind::Platform => t::invoice(l),
    };
    let corrects = row.corrects.map(|number| {
        view! { <br/><small>{t::about(l, number)}</small> }
    });
    view! {
        <tr>
            <td data-label=t::number(l)>
                <a class="text-link" href=file rel="external"><bdi class="code">{row.number}</bdi></a>
            </td>
            <td data-label=t::kind(l)><span>{kind}{corrects}</span></td>
            <td data-label=t::date(l)>{dates::date_medium(l, row.issued_on)}</td>
            <td data-label=t::buyer(l)><bdi>{row.buyer}</bdi></td>
            <td data-label=t::order(l)><a class="text-link" href=order><bdi class="code">{row.order}</bdi></a></td>
            <td class="num" data-label=t::tax(l)><MoneyView amount=row.tax/></td>
            <td class="num" data-label=t::total(l)><MoneyView amount=row.total/></td>
        </tr>
    }
    .into_any()
}
