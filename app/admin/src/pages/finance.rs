//! `/admin/finance`: what the platform holds and for whom, and the payouts it has to send.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    admin::{
        AdminFinance, EndPayout, OpenPayoutView, PlatformBalanceView, PlatformMoneyView,
        TransferPayout,
    },
    ask,
    finance::{ReportRowView, ReportView},
};
use app_ui::{
    BarChart, Button, ButtonKind, ChartPoint, Choice, Column, DataTable, DateTimeView, Definition,
    DefinitionList, EmptyState, Figure, FigureRow, FigureTable, FormError, LinkButton, MoneyView,
    Notice, Section, Select, TextInput, Tone, use_locale,
};
use domain::money::Money;
use leptos::prelude::*;
use locales::{Locale, dates, finance as t};

use super::sent_payouts;
use crate::parts::{BooksTile, Frame, loaded, use_search};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ask {
    by: String,
    first: String,
    last: String,
    as_of: String,
}

#[component]
pub fn FinancePage() -> impl IntoView {
    let l = use_locale();
    let query = use_query_map();
    let done = query.with_untracked(|q| q.get("done").is_some());
    let search = use_search();
    let found = ask(move || AdminFinance {
        q: search.get().text,
    });
    let wanted = Memo::new(move |_| {
        query.with(|q| Ask {
            by: q.get("by").unwrap_or_default(),
            first: q.get("first").unwrap_or_default(),
            last: q.get("last").unwrap_or_default(),
            as_of: q.get("as_of").unwrap_or_default(),
        })
    });
    let report = ask(move || {
        let wanted = wanted.get();
        app_api::admin::AdminReport {
            by: wanted.by,
            first: wanted.first,
            last: wanted.last,
            as_of: wanted.as_of,
        }
    });
    view! {
        <Frame title=t::platform_title(l) lead=t::platform_lead(l)>
            {done.then(|| view! { <Notice tone=Tone::Success title=t::payout_done(l)/> })}
            <p>
                <LinkButton href="/admin/finance/fees" kind=ButtonKind::Secondary small=true>{t::fees_title(l)}</LinkButton>
                " "
                <LinkButton href="/admin/finance/invoices" kind=ButtonKind::Secondary small=true>{locales::bills::title(l)}</LinkButton>
                " "
                <LinkButton href="/admin/finance/transfers" kind=ButtonKind::Secondary small=true>
                    {locales::transfers::to_transfers(l)}
                </LinkButton>
            </p>
            <BooksTile/>
            {loaded(found, move |found| show(found, search.get_untracked().text))}
            {loaded(report, figures)}
        </Frame>
    }
}

fn show(found: PlatformMoneyView, looked_for: String) -> AnyView {
    let l = use_locale();
    let balances = if found.balances.is_empty() {
        view! { <p>{t::movements_none(l)}</p> }.into_any()
    } else {
        holdings(l, found.balances)
    };
    let some = !found.open.is_empty() || !found.sent.is_empty();
    let prove = (some && !found.proved).then(|| {
        view! {
            <Notice tone=Tone::Info title=t::prove_title(l)>
                <p>{t::platform_masked(l)}</p>
                <p><LinkButton href="/sign-in/again?next=/admin/finance" small=true>{t::prove_button(l)}</LinkButton></p>
            </Notice>
        }
    });
    let proved = found.proved;
    let open = if found.open.is_empty() {
        view! { <p>{t::platform_open_none(l)}</p>{prove} }.into_any()
    } else {
        let all = found
            .open
            .into_iter()
            .map(|one| payout(l, one, proved))
            .collect_view();
        view! { <p>{t::platform_open_text(l)}</p>{prove}<ul class="stack" role="list">{all}</ul> }
            .into_any()
    };
    let sent = sent_payouts::section(found.sent, looked_for, proved);
    view! {
        <Section title=t::platform_open(l)>{open}</Section>
        {sent}
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
        Column::number(t::adjustments(l)),
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
                    <td class="num" data-label=t::adjustments(l)><MoneyView amount=one.adjustments/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::platform_balances(l) columns stacked=true>{rows}</DataTable> }
        .into_any()
}

fn payout(l: Locale, one: OpenPayoutView, proved: bool) -> AnyView {
    let form = FormState::of::<EndPayout>("payout", &one.id);
    let by_provider = by_provider(l, &one, proved);
    let title = format!(
        "{} · {}",
        one.organization_name,
        t::number(l, one.number.to_string())
    );
    let by = one.by.unwrap_or_else(|| t::by_schedule(l).to_owned());
    let bank = (!one.bank_code.is_empty()).then(|| {
        view! { <Definition term=t::account_bank_code(l)><bdi class="code">{one.bank_code.clone()}</bdi></Definition> }
    });
    let acts = (proved && !one.being_sent).then(|| {
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
    let short = one
        .short
        .then(|| view! { <Notice tone=Tone::Warning title=t::payout_short(l)/> });
    view! {
        <li class="card stack">
            <h3><bdi>{title}</bdi></h3>
            {short}
            <DefinitionList>
                <Definition term=t::col_amount(l)><MoneyView amount=one.amount/></Definition>
                <Definition term=t::account_holder(l)><bdi>{one.holder}</bdi></Definition>
                <Definition term=t::account_number(l)><bdi class="code">{one.account}</bdi></Definition>
                {bank}
                <Definition term=t::col_requested(l)><DateTimeView at=one.requested zone="UTC"/></Definition>
                <Definition term=t::col_by(l)><bdi>{by}</bdi></Definition>
            </DefinitionList>
            {by_provider}
            {acts}
        </li>
    }
    .into_any()
}

/// To the organization's own account at the payment provider.
fn by_provider(l: Locale, one: &OpenPayoutView, proved: bool) -> AnyView {
    let form = FormState::of::<TransferPayout>("payout", &one.id);
    let (payout, why) = (one.id.clone(), one.sending_failure.clone());
    let failure = (!why.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Error title=t::transfer_failed(l)>
                <p><bdi>{why}</bdi></p>
            </Notice>
        }
    });
    let under_way = one
        .being_sent
        .then(|| view! { <Notice tone=Tone::Info title=t::transfer_under_way(l)/> });
    let act = (proved && (one.has_connected || one.being_sent)).then(|| {
        view! {
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="payout" value=payout/>
                <div class="form-actions"><Button>{t::transfer_send(l)}</Button></div>
            </form>
        }
    });
    view! { {under_way}{failure}{act} }.into_any()
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
        view! { <div class="stack">{charts(l, &found)}{table(l, &found)}{files(l, &found)}</div> }
            .into_any()
    };
    view! {
        <Section title=t::report_title(l)>
            <p>{t::report_lead(l)}" "{t::report_days(l, &found.zone)}</p>
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

fn charts(l: Locale, found: &ReportView) -> AnyView {
    found
        .charts(l)
        .into_iter()
        .map(|chart| {
            let points = chart
                .bars
                .into_iter()
                .map(|(name, value, words)| ChartPoint::new(name, value, words))
                .collect();
            view! { <BarChart title=chart.title points/> }
        })
        .collect_view()
        .into_any()
}

fn table(l: Locale, found: &ReportView) -> AnyView {
    let owes = found.totals.iter().any(|row| row.owed.is_some()) && found.by == "organization";
    let mut heads = vec![
        t::col_orders(l),
        t::col_gross(l),
        t::col_refunded(l),
        t::col_disputed(l),
        t::col_dispute_fees(l),
        t::col_fees(l),
        t::col_costs(l),
        t::col_platform_net(l),
    ];
    if owes {
        heads.push(t::col_owed_end(l));
    }
    let amount = |amount: Option<Money>| amount.map_or(Figure::Nothing, Figure::Amount);
    let line = |name: String, row: &ReportRowView| {
        // Tax is passed on by organizers, so it is theirs here.
        let organizers = row.net.checked_add(row.tax).unwrap_or(row.net);
        FigureRow {
            name,
            figures: vec![
                Figure::Count(u64::from(row.orders)),
                Figure::Amount(row.gross),
                Figure::Amount(row.refunded),
                Figure::Amount(row.disputed),
                Figure::Amount(row.dispute_fees),
                Figure::Amount(row.fees),
                amount(row.costs),
                Figure::Amount(organizers),
                amount(row.owed),
            ],
        }
    };
    let rows = found.rows.iter();
    let rows = rows.map(|row| line(row.label(l, &found.by), row)).collect();
    let totals = found.totals.iter();
    let totals = totals
        .map(|row| line(t::total(l).to_owned(), row))
        .collect();
    view! { <FigureTable caption=t::report_title(l) name=t::col_name(l) heads rows totals/> }
        .into_any()
}

/// The same figures to take away, and an address under which they come back.
fn files(l: Locale, found: &ReportView) -> AnyView {
    let at = |path: &str| {
        // Nothing in it needs to be escaped.
        format!(
            "{path}?by={}&first={}&last={}&as_of={}",
            found.by, found.first, found.last, found.as_of_text
        )
    };
    let when = dates::medium(l, found.as_of, None);
    view! {
        <p class="form-actions">
            <LinkButton href=at("/admin/finance/report.csv") kind=ButtonKind::Secondary small=true external=true>
                {t::report_csv(l)}
            </LinkButton>
            <LinkButton href=at("/admin/finance/report.xlsx") kind=ButtonKind::Secondary small=true external=true>
                {t::report_xlsx(l)}
            </LinkButton>
        </p>
        <p><a class="text-link" href=at("/admin/finance")>{t::report_as_of(l, when)}</a>" "{t::report_as_of_hint(l)}</p>
    }
    .into_any()
}
