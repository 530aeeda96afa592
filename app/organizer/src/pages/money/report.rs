//! `/organize/:org/money/report`: figures of a span of days.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    finance::{OrganizerReport, OrganizerReportView, ReportRowView, ReportView, SetReportZone},
};
use app_ui::{
    BarChart, Button, ButtonKind, ChartPoint, Choice, EmptyState, Figure, FigureRow, FigureTable,
    FormError, LinkButton, Notice, Section, Select, TextInput, Tone, address, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, dates, finance as t};

use super::{Here, sections};
use crate::parts::{Frame, loaded, use_part};

/// What the address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ask {
    by: String,
    first: String,
    last: String,
    event: String,
    as_of: String,
}

#[component]
pub fn ReportPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let query = use_query_map();
    let done = query.with_untracked(|q| q.get("done").is_some());
    let wanted = Memo::new(move |_| {
        query.with(|q| {
            let text = |name| q.get(name).unwrap_or_default();
            Ask {
                by: text("by"),
                first: text("first"),
                last: text("last"),
                event: text("event"),
                as_of: text("as_of"),
            }
        })
    });
    let found = ask(move || {
        let wanted = wanted.get();
        OrganizerReport {
            organization: organization.get(),
            by: wanted.by,
            first: wanted.first,
            last: wanted.last,
            event: wanted.event,
            as_of: wanted.as_of,
        }
    });
    view! {
        <Frame title=t::report_title(l)>
            {sections(&organization.get_untracked(), Here::Report)}
            {done.then(|| view! { <Notice tone=Tone::Success title=t::zone_done(l)/> })}
            <p class="lead">{t::report_lead(l)}</p>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: OrganizerReportView) -> AnyView {
    let l = use_locale();
    let base = format!("/organize/{organization}/money/report");
    let (report, events) = (found.report, found.events);
    let body = if report.rows.is_empty() {
        view! { <EmptyState title=t::report_none(l) text=""/> }.into_any()
    } else {
        view! { {charts(l, &report)}{table(l, &report)}{files(l, &base, &report)} }.into_any()
    };
    let zone = found
        .may_set_zone
        .then(|| zone(l, organization, &report.zone));
    let codes = format!("{base}/codes");
    view! {
        {asking(l, &base, &report, events)}
        <p><a class="text-link" href=codes>{locales::promo::report_title(l)}</a></p>
        {body}
        {zone}
    }
    .into_any()
}

fn asking(l: Locale, base: &str, report: &ReportView, events: Vec<(String, String)>) -> AnyView {
    let choices = vec![
        Choice::new("month", t::by_month(l)),
        Choice::new("day", t::by_day(l)),
        Choice::new("event", t::by_event(l)),
        Choice::new("type", t::by_type(l)),
        Choice::new("phase", t::by_phase(l)),
        Choice::new("channel", t::by_channel(l)),
        Choice::new("rate", t::by_rate(l)),
        Choice::new("method", t::by_method(l)),
    ];
    let events = std::iter::once(Choice::new("", t::report_all_events(l)))
        .chain(
            events
                .into_iter()
                .map(|(slug, title)| Choice::new(slug, title)),
        )
        .collect();
    let (first, last) = (report.first.to_string(), report.last.to_string());
    view! {
        <form action=base.to_owned() class="form-row">
            <TextInput name="first" kind="date" label=t::first(l) required=true value=first/>
            <TextInput name="last" kind="date" label=t::last(l) required=true value=last/>
            <Select name="by" label=t::report_by(l) choices required=true selected=report.by.clone()/>
            <Select name="event" label=t::report_event(l) choices=events selected=report.event.clone()/>
            <Button kind=ButtonKind::Secondary>{t::report_show(l)}</Button>
        </form>
        <p>{t::report_days(l, &report.zone)}</p>
    }
    .into_any()
}

/// The same figures to take away, and an address under which they come back.
fn files(l: Locale, base: &str, report: &ReportView) -> AnyView {
    let (first, last) = (report.first.to_string(), report.last.to_string());
    let at = |path: &str| {
        let asked = [
            ("by", report.by.as_str()),
            ("first", &first),
            ("last", &last),
            ("event", &report.event),
            ("as_of", &report.as_of_text),
        ];
        address(path, &asked)
    };
    let when = dates::medium(l, report.as_of, None);
    view! {
        <p class="form-actions">
            <LinkButton href=at(&format!("{base}.csv")) kind=ButtonKind::Secondary small=true external=true>
                {t::report_csv(l)}
            </LinkButton>
            <LinkButton href=at(&format!("{base}.xlsx")) kind=ButtonKind::Secondary small=true external=true>
                {t::report_xlsx(l)}
            </LinkButton>
        </p>
        <p><a class="text-link" href=at(base)>{t::report_as_of(l, when)}</a>" "{t::report_as_of_hint(l)}</p>
    }
    .into_any()
}

fn charts(l: Locale, report: &ReportView) -> AnyView {
    report
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

fn table(l: Locale, report: &ReportView) -> AnyView {
    let heads = vec![
        t::col_orders(l),
        t::col_gross(l),
        t::col_refunded(l),
        t::col_disputed(l),
        t::col_dispute_fees(l),
        t::col_taxes(l),
        t::col_fees(l),
        t::col_net(l),
    ];
    let line = |name: String, row: &ReportRowView| FigureRow {
        name,
        figures: vec![
            Figure::Count(u64::from(row.orders)),
            Figure::Amount(row.gross),
            Figure::Amount(row.refunded),
            Figure::Amount(row.disputed),
            Figure::Amount(row.dispute_fees),
            Figure::Amount(row.tax),
            Figure::Amount(row.fees),
            Figure::Amount(row.net),
        ],
    };
    let rows = report.rows.iter();
    let rows = rows
        .map(|row| line(row.label(l, &report.by), row))
        .collect();
    let totals = report.totals.iter();
    let totals = totals
        .map(|row| line(t::total(l).to_owned(), row))
        .collect();
    let twice = matches!(report.by.as_str(), "type" | "phase" | "rate")
        .then(|| view! { <p>{t::orders_twice(l)}</p> });
    view! {
        <FigureTable caption=t::report_title(l) name=t::col_name(l) heads rows totals/>
        {twice}
    }
    .into_any()
}

fn zone(l: Locale, organization: &str, zone: &str) -> AnyView {
    let form = FormState::new::<SetReportZone>();
    let (organization, zone) = (organization.to_owned(), zone.to_owned());
    view! {
        <Section title=t::zone_title(l)>
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="organization" value=organization/>
                <TextInput
                    name="zone"
                    label=t::zone_field(l)
                    hint=t::zone_hint(l)
                    maxlength=64
                    required=true
                    value=form.value_or("zone", zone)
                    error=form.error("zone")
                />
                <div class="form-actions"><Button kind=ButtonKind::Secondary>{t::zone_save(l)}</Button></div>
            </form>
        </Section>
    }
    .into_any()
}
