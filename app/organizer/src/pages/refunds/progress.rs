//! `/organize/:org/events/:event/refunds`: how far the refunds of an event are, and what became of each order.

use app_api::query::use_query_map;
use app_api::{
    Asked, FormState, ask,
    refunds::{EventRefunds, EventRefundsView, RetryEventRefunds, RunView, StartEventRefunds},
};
use app_ui::{
    Badge, ButtonKind, Chip, ConfirmPanel, Definition, DefinitionList, EmptyState, FilterChips,
    KeysetPager, LinkButton, MoneyView, Notice, PageHeader, ProgressBar, Section, Stat, Tone,
    address, use_locale,
};
use domain::{
    orders::{RunCause, RunOutcome},
    permissions::Right,
};
use leptos::prelude::*;
use locales::{approvals, dates, numbers::integer, refunds as t};

use super::{offer::offer, rows::table, words::outcome};
use crate::{
    pages::sales,
    parts::{EventFrame, EventTab, act, loaded, param},
};

/// How long a browser without scripts waits before it looks again.
const LOOK_AGAIN: &str = "5";

#[component]
pub fn RefundsPage() -> impl IntoView {
    let l = use_locale();
    let event = param("event");
    let query = use_query_map();
    let asked =
        Memo::new(move |_| query.with(|q| (q.get("outcome").unwrap_or_default(), q.get("after"))));
    let found = ask(move || {
        let (event, (outcome, after)) = (event.clone(), asked.get());
        EventRefunds {
            event,
            outcome,
            after,
        }
    });
    view! {
        <EventFrame title=t::title(l) tab=EventTab::Refunds>
            <PageHeader title=t::title(l)/>
            {loaded(found, move |view| {
                follow(&view, found);
                show(&asked.get_untracked().0, view)
            })}
        </EventFrame>
    }
}

/// Reads again when the server says that something changed.
fn follow(view: &EventRefundsView, found: Asked<EventRefundsView>) {
    if !view.is_moving() {
        return;
    }
    let heard = sales::live(&view.event_id);
    Effect::new(move |before: Option<()>| {
        heard.track();
        if before.is_some() {
            found.refetch();
        }
    });
}

fn show(asked: &str, view: EventRefundsView) -> AnyView {
    let l = use_locale();
    let path = format!(
        "/organize/{}/events/{}/refunds",
        param("org"),
        param("event")
    );
    let refresh = view.is_moving().then(|| {
        view! {
            <noscript>
                <meta http-equiv="refresh" content=LOOK_AGAIN/>
            </noscript>
            <p class="field-hint">{t::refresh(l)}</p>
        }
    });
    let offer = view.offer.map(offer);
    let waits = view.waits.then(|| {
        let href = format!("/organize/{}/approvals", param("org"));
        view! {
            <Notice tone=Tone::Warning title=approvals::event_waits(l)>
                <p><a class="text-link" href=href>{approvals::see(l)}</a></p>
            </Notice>
        }
    });
    let start = (view.can_start).then(start);
    let Some(run) = view.run else {
        let nothing = (offer.is_none() && !view.waits && !view.can_start)
            .then(|| view! { <EmptyState title=t::none_title(l) text=t::none_text(l)/> });
        return view! { {waits} {start} {offer} {nothing} }.into_any();
    };
    let chips = chips(asked, &path);
    let next = view
        .next
        .map(|after| address(&path, &[("outcome", asked), ("after", &after)]));
    let file = format!("{path}.csv");
    view! {
        {waits}
        {start}
        {offer}
        {head(run)}
        {refresh}
        <Section title=t::list_title(l)>
            <div class="stack">
                <FilterChips label=t::filter(l) chips/>
                {table(view.rows)}
                <KeysetPager next/>
                <p><LinkButton href=file kind=ButtonKind::Secondary external=true>{t::export(l)}</LinkButton></p>
            </div>
        </Section>
    }
    .into_any()
}

fn head(run: RunView) -> AnyView {
    let l = use_locale();
    let count = |n: u32| integer(u64::from(n));
    let title = match run.cause {
        RunCause::Cancelled => t::cause_cancelled(l),
        RunCause::Moved => t::cause_moved(l),
    };
    let (tone, state) = match (run.working, run.failed > 0) {
        (true, _) => (Tone::Info, t::working(l)),
        (false, true) => (Tone::Warning, t::finished_failed(l)),
        (false, false) => (Tone::Success, t::finished(l)),
    };
    let by = run.started_by.clone().map_or_else(
        || t::started_machine(l).to_owned(),
        |name| t::started_by(l, name),
    );
    let dealt = run.all.saturating_sub(run.waiting);
    let bar = t::progress_of(l, count(run.all), count(dealt));
    let finished = run.finished.clone().map(|at| {
        view! { <Definition term=t::finished_at(l)>{dates::medium(l, at.at, Some(&at.zone))}</Definition> }
    });
    let reason = (!run.reason.is_empty()).then(|| {
        view! { <Definition term=t::reason(l)><bdi>{run.reason.clone()}</bdi></Definition> }
    });
    let money = run
        .money
        .iter()
        .copied()
        .map(|one| {
            let failed = (!one.failed.is_zero()).then(|| {
                view! { <Definition term=t::money_failed(l)><MoneyView amount=one.failed/></Definition> }
            });
            view! {
                <Definition term=t::money_promised(l)><strong><MoneyView amount=one.promised/></strong></Definition>
                <Definition term=t::money_sent(l)><MoneyView amount=one.sent/></Definition>
                {failed}
            }
        })
        .collect_view();
    view! {
        <Section title>
            <div class="stack">
                <p class="fact-line"><Badge tone>{state}</Badge><span>{by}</span></p>
                <ProgressBar label=t::progress(l) value=dealt max=run.all text=bar/>
                <div class="stats">
                    <Stat label=t::count_sent(l) value=count(run.sent)/>
                    <Stat label=t::count_on_the_way(l) value=count(run.on_the_way)/>
                    <Stat label=t::count_waiting(l) value=count(run.waiting)/>
                    <Stat label=t::count_failed(l) value=count(run.failed)/>
                    <Stat label=t::count_skipped(l) value=count(run.skipped)/>
                </div>
                <DefinitionList>
                    {money}
                    <Definition term=t::started_at(l)>{dates::medium(l, run.started.at, Some(&run.started.zone))}</Definition>
                    {finished}
                    {reason}
                </DefinitionList>
                {(run.failed > 0).then(retry)}
            </div>
        </Section>
    }
    .into_any()
}

fn start() -> Option<AnyView> {
    let l = use_locale();
    if !app_api::may(&param("org"), Right::CancelEvents) {
        return None;
    }
    let form = FormState::new::<StartEventRefunds>();
    let open = form.form_error().is_some();
    Some(
        view! {
            <p>{approvals::start_text(l)}</p>
            <ConfirmPanel label=approvals::start(l) open>
                <form method="post" action=form.address()>
                    <p>{approvals::start_confirm_text(l)}</p>
                    <input type="hidden" name="event" value=param("event")/>
                    {act(form, approvals::start_confirm(l), ButtonKind::Danger)}
                </form>
            </ConfirmPanel>
        }
        .into_any(),
    )
}

fn retry() -> Option<AnyView> {
    let l = use_locale();
    if !app_api::may(&param("org"), Right::RefundOrders) {
        return None;
    }
    let form = FormState::new::<RetryEventRefunds>();
    Some(
        view! {
            <form method="post" action=form.address()>
                <p>{t::retry_text(l)}</p>
                <input type="hidden" name="event" value=param("event")/>
                {act(form, t::retry(l), ButtonKind::Primary)}
            </form>
        }
        .into_any(),
    )
}

fn chips(asked: &str, path: &str) -> Vec<Chip> {
    let l = use_locale();
    let all = Chip::choice(t::filter_all(l), path, asked.is_empty());
    let each = RunOutcome::all().iter().map(|one| {
        let active = asked == one.code();
        let wanted = if active { "" } else { one.code() };
        Chip::filter(
            outcome(l, *one).1,
            address(path, &[("outcome", wanted)]),
            active,
        )
    });
    std::iter::once(all).chain(each).collect()
}
