//! `/admin/finance/transfers`: what there is to do, and the statements so far.

use app_api::query::use_query_map;
use app_api::{
    ApiError, ErrorKind,
    admin::{AdminTransfers, BankFileView, TransferAccountView, TransfersView},
    ask,
};
use app_ui::{
    Button, ButtonKind, Column, DataTable, DateTimeView, Definition, DefinitionList, EmptyState,
    LinkButton, MoneyView, Notice, Section, Tone, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, dates, numbers::integer, transfers as t};

use super::{HOME, done, further, said};
use crate::parts::{Frame, loaded};

#[component]
pub fn TransfersPage() -> impl IntoView {
    let l = use_locale();
    let query = use_query_map();
    let fault = query.with_untracked(|query| query.get("fault"));
    let after = Memo::new(move |_| query.with(|query| query.get("after")));
    let found = ask(move || AdminTransfers { after: after.get() });
    let fault = fault.map(|code| {
        let text = ApiError::new(ErrorKind::Invalid, code).text(l);
        view! { <Notice tone=Tone::Error title=text/> }
    });
    let told = match done().as_deref() {
        Some("account") => Some(said(t::settings_saved(l))),
        Some("discarded") => Some(said(t::file_discarded(l))),
        _ => None,
    };
    view! {
        <Frame title=t::admin_title(l) lead=t::admin_lead(l)>
            <p>
                <LinkButton href="/admin/finance" kind=ButtonKind::Secondary small=true>{t::back_to_money(l)}</LinkButton>
            </p>
            {told}
            {fault}
            {loaded(found, move |found| show(found, after.get_untracked().is_none()))}
        </Frame>
    }
}

fn show(found: TransfersView, on_first: bool) -> AnyView {
    let l = use_locale();
    let counts = [
        (t::count_waiting(l), found.waiting, None),
        (t::count_to_do(l), found.to_do, Some("credits")),
        (t::count_refunds(l), found.refunds, Some("refunds")),
    ]
    .map(|(term, count, page)| {
        let number = integer(count);
        let value = match page {
            Some(page) => {
                view! { <a class="text-link" href=format!("{HOME}/{page}")>{number}</a> }.into_any()
            }
            None => view! { {number} }.into_any(),
        };
        view! { <Definition term>{value}</Definition> }
    });
    let has_account = found.account.is_some();
    let files = if found.files.items.is_empty() {
        view! { <EmptyState title=t::files_none(l) text=t::files_none_text(l)/> }.into_any()
    } else {
        let next = found.files.next;
        view! { {table(l, found.files.items)}{further(HOME, next, on_first)} }.into_any()
    };
    view! {
        <DefinitionList>{counts.into_iter().collect_view()}</DefinitionList>
        <Section title=t::upload_title(l)>{upload(l, has_account)}</Section>
        <Section title=t::files_title(l)>{files}</Section>
        <Section title=t::settings_title(l)>{account(l, found.account)}</Section>
    }
    .into_any()
}

fn upload(l: Locale, has_account: bool) -> AnyView {
    if !has_account {
        return view! { <p>{t::upload_no_account(l)}</p> }.into_any();
    }
    view! {
        <form class="form" method="post" action="/admin/upload/statement" enctype="multipart/form-data">
            <div class="field">
                <label class="field-label" for="field-statement">{t::upload_file(l)}</label>
                <p class="field-hint" id="field-statement-hint">{t::upload_text(l)}</p>
                <input
                    class="input"
                    id="field-statement"
                    type="file"
                    name="statement"
                    accept=".xml,.csv,.txt,text/xml,application/xml,text/csv"
                    aria-describedby="field-statement-hint"
                    required
                />
            </div>
            <div class="form-actions"><Button>{t::upload_button(l)}</Button></div>
        </form>
    }
    .into_any()
}

fn table(l: Locale, files: Vec<BankFileView>) -> AnyView {
    let columns = vec![
        Column::text(t::files_when(l)),
        Column::text(t::files_days(l)),
        Column::number(t::files_lines(l)),
        Column::number(t::files_credits(l)),
        Column::number(t::files_debits(l)),
        Column::text(t::files_state(l)),
    ];
    let rows = files
        .into_iter()
        .map(|file| {
            let href = format!("{HOME}/files/{}", file.id);
            let state = match file.new {
                Some(new) => t::file_new(l, integer(u64::from(new))),
                None => t::file_unread(l).to_owned(),
            };
            view! {
                <tr>
                    <th scope="row"><a class="text-link" href=href><DateTimeView at=file.uploaded/></a></th>
                    <td data-label=t::files_days(l)>{days(l, file.days)}</td>
                    <td class="num" data-label=t::files_lines(l)>{integer(u64::from(file.lines))}</td>
                    <td class="num" data-label=t::files_credits(l)><MoneyView amount=file.credits/></td>
                    <td class="num" data-label=t::files_debits(l)><MoneyView amount=file.debits/></td>
                    <td data-label=t::files_state(l)>{state}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::files_title(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}

/// The first and the last day of a statement.
pub(super) fn days(l: Locale, days: Option<(jiff::civil::Date, jiff::civil::Date)>) -> String {
    match days {
        None => String::new(),
        Some((first, last)) if first == last => dates::date_medium(l, first),
        Some((first, last)) => {
            let (first, last) = (dates::date_medium(l, first), dates::date_medium(l, last));
            format!("{first} – {last}")
        }
    }
}

fn account(l: Locale, account: Option<TransferAccountView>) -> AnyView {
    let href = format!("{HOME}/account");
    let Some(account) = account else {
        return view! {
            <p>{t::settings_lead(l)}</p>
            <p><LinkButton href small=true>{t::settings_set_up(l)}</LinkButton></p>
        }
        .into_any();
    };
    let offered = if account.offered {
        t::settings_on(l)
    } else {
        t::settings_off(l)
    };
    view! {
        <p>{offered}</p>
        <DefinitionList>
            <Definition term=t::settings_holder(l)><bdi>{account.holder}</bdi></Definition>
            <Definition term=t::settings_iban(l)><bdi class="code" dir="ltr">{account.iban}</bdi></Definition>
            <Definition term=t::settings_days(l)>{integer(u64::from(account.days))}</Definition>
            <Definition term=t::settings_before(l)>{integer(u64::from(account.days_before))}</Definition>
        </DefinitionList>
        <p><LinkButton href kind=ButtonKind::Secondary small=true>{t::settings_change(l)}</LinkButton></p>
    }
    .into_any()
}
