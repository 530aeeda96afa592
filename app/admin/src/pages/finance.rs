//! `/admin/finance`: what the platform holds and for whom, and the payouts it has to send.

use app_api::{
    FormState,
    admin::{EndPayout, OpenPayoutView, PlatformBalanceView, PlatformMoneyView, admin_finance},
    finance::{ReportRowView, ReportView},
};
use app_ui::{
    BarChart, Button, ButtonKind, ChartPoint, Choice, Column, DataTable, DateTimeView, Definition,
    DefinitionList, EmptyState, FormError, LinkButton, MoneyView, Notice, Section, Select,
    TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use locales::{Locale, finance as t, money, numbers::integer};

use crate::parts::{BooksTile, Frame, loaded};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ask {
    by: String,
    first: String,
    last: String,
}

#[component]
pub fn FinancePage() -> impl IntoView {
    let l = use_locale();
    let query = use_query_map();
    let done = query.with_untracked(|q| q.get("done").is_some());
    let found = Resource::new_blocking(|| (), |()| admin_finance());
    let ask = Memo::new(move |_| {
        query.with(|q| Ask {
            by: q.get("by").unwrap_or_default(),
            first: q.get("first").unwrap_or_default(),
            last: q.get("last").unwrap_or_default(),
        })
    });
    let report = Resource::new_blocking(
        move || ask.get(),
        |ask| app_api::admin::admin_report(ask.by, ask.first, ask.last),
    );
    view! {
        <Frame title=t::platform_title(l) lead=t::platform_lead(l)>
            {done.then(|| view! { <Notice tone=Tone::Success title=t::payout_done(l)/> })}
            <p>
                <LinkButton href="/admin/finance/fees" kind=ButtonKind::Secondary small=true>{t::fees_title(l)}</LinkButton>
            </p>
            <BooksTile/>
            {loaded(found, show)}
            {loaded(report, figures)}
        </Frame>
    }
}

fn show(found: PlatformMoneyView) -> AnyView {
    let l = use_locale();
    let balances = if found.balances.is_empty() {
        view! { <p>{t::movements_none(l)}</p> }.into_any()
    } else {
        holdings(l, found.balances)
    };
    let prove = (!found.proved && !found.open.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Info title=t::prove_title(l)>
                <p>{t::platform_masked(l)}</p>
                <p><LinkButton href="/sign-in/again?next=/admin/finance" small=true>{t::prove_button(l)}</LinkButton></p>
            </Notice>
        }
    });
    let proved = found.proved;
    let open = if found.open.is_empty() {
        view! { <p>{t::platform_open_none(l)}</p> }.into_any()
    } else {
        let all = found
            .open
            .into_iter()
            .map(|one| payout(l, one, proved))
            .collect_view();
        view! { <p>{t::platform_open_text(l)}</p>{prove}<ul class="stack" role="list">{all}</ul> }
            .into_any()
    };
    view! {
        <Section title=t::platform_open(l)>{open}</Section>
        <Section title=t::platform_balances(l)>{balances}</Section>
    }
    .into_any()
}

/// One line for each currency.
fn holdings(l: Locale, balances: Vec<PlatformBalanceView>) -> AnyView {
    let columns = vec![
        Column::text(t::currency(l)),
        Column::number(t::held_provider(l)),
        Column::number(t::held_bank(l)),
        Column::number(t::owed_organizers(l)),
        Column::number(t::owed_buyers(l)),
        Column::number(t::earned(l)),
        Column::number(t::costs(l)),
    ];
    let rows = balances
        .into_iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row">{one.fees.currency.as_str()}</th>
                    <td class="num" data-label=t::held_provider(l)><MoneyView amount=one.provider/></td>
                    <td class="num" data-label=t::held_bank(l)><MoneyView amount=one.bank/></td>
                    <td class="num" data-label=t::owed_organizers(l)><MoneyView amount=one.organizers/></td>
                    <td class="num" data-label=t::owed_buyers(l)><MoneyView amount=one.buyers/></td>
                    <td class="num" data-label=t::earned(l)><MoneyView amount=one.fees/></td>
                    <td class="num" data-label=t::costs(l)><MoneyView amount=one.costs/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::platform_balances(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}

fn payout(l: Locale, one: OpenPayoutView, proved: bool) -> AnyView {
    let form = FormState::of::<EndPayout>("payout", &one.id);
    let title = format!(
        "{} · {}",
        one.organization_name,
        t::number(l, one.number.to_string())
    );
    let by = one.by.unwrap_or_else(|| t::by_schedule(l).to_owned());
    let bank = (!one.bank_code.is_empty()).then(|| {
        view! { <Definition term=t::account_bank_code(l)><bdi class="code">{one.bank_code.clone()}</bdi></Definition> }
    });
    let acts = proved.then(|| {
        view! {
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="payout" value=one.id.clone()/>
                <TextInput
                    name="reference"
                    id=format!("reference-{}", one.id)
                    label=t::reference(l)
                    maxlength=140
                    required=true
                    value=form.value_or("reference", String::new())
                    error=form.error("reference")
                />
                <div class="form-actions">
                    <Button name="step" value="send">{t::send(l)}</Button>
                    <Button name="step" value="call_off" kind=ButtonKind::Danger>{t::call_off(l)}</Button>
                </div>
            </form>
        }
    });
    view! {
        <li class="card stack">
            <h3><bdi>{title}</bdi></h3>
            <DefinitionList>
                <Definition term=t::col_amount(l)><MoneyView amount=one.amount/></Definition>
                <Definition term=t::account_holder(l)><bdi>{one.holder}</bdi></Definition>
                <Definition term=t::account_number(l)><bdi class="code">{one.account}</bdi></Definition>
                {bank}
                <Definition term=t::col_requested(l)><DateTimeView at=one.requested zone="UTC"/></Definition>
                <Definition term=t::col_by(l)><bdi>{by}</bdi></Definition>
            </DefinitionList>
            {acts}
        </li>
    }
    .into_any()
}

/// All organizations, for the days of the address.
fn figures(found: ReportView) -> AnyView {
    let l = use_locale();
    let choices = vec![
        Choice::new("month", t::by_month(l)),
        Choice::new("organization", t::by_organization(l)),
    ];
    let body = if found.rows.is_empty() {
        view! { <EmptyState title=t::report_none(l) text=""/> }.into_any()
    } else {
        view! { {charts(l, &found)}{table(l, &found)} }.into_any()
    };
    view! {
        <Section title=t::report_title(l)>
            <p>{t::report_lead(l)}</p>
            <form action="/admin/finance" class="form-row">
                <TextInput name="first" kind="date" label=t::first(l) required=true value=found.first.to_string()/>
                <TextInput name="last" kind="date" label=t::last(l) required=true value=found.last.to_string()/>
                <Select name="by" label=t::report_by(l) choices required=true selected=found.by.clone()/>
                <Button kind=ButtonKind::Secondary>{t::report_show(l)}</Button>
            </form>
            {body}
        </Section>
    }
    .into_any()
}

/// More would only be turned over.
const CHARTS: usize = 2;

/// What buyers paid from month to month, in the currencies that are used most.
fn charts(l: Locale, found: &ReportView) -> AnyView {
    if found.by != "month" {
        return ().into_any();
    }
    let of = |currency| {
        found
            .rows
            .iter()
            .filter(move |row| row.gross.currency == currency)
    };
    let mut most: Vec<_> = found.totals.iter().collect();
    most.sort_by_key(|total| std::cmp::Reverse(total.orders));
    most.into_iter()
        .map(|total| total.gross.currency)
        .filter(|currency| of(*currency).count() > 1)
        .take(CHARTS)
        .map(|currency| {
            let points = of(currency)
                .map(|row| ChartPoint::new(name(row), row.gross.minor, money::format(l, row.gross)))
                .collect();
            view! { <BarChart title=t::chart_title(l, currency.as_str()) points/> }
        })
        .collect_view()
        .into_any()
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
        Column::number(t::col_fees(l)),
        Column::number(t::col_platform_net(l)),
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
    // Tax is passed on by organizers, so it is theirs here.
    let organizers = domain::money::Money::new(
        row.net.minor.saturating_add(row.tax.minor),
        row.net.currency,
    );
    view! {
        <tr>
            <th scope="row"><bdi>{name}</bdi></th>
            <td class="num" data-label=t::col_orders(l)>{integer(u64::from(row.orders))}</td>
            <td class="num" data-label=t::col_gross(l)><MoneyView amount=row.gross/></td>
            <td class="num" data-label=t::col_refunded(l)><MoneyView amount=row.refunded/></td>
            <td class="num" data-label=t::col_fees(l)><MoneyView amount=row.fees/></td>
            <td class="num" data-label=t::col_platform_net(l)><MoneyView amount=organizers/></td>
        </tr>
    }
    .into_any()
}
