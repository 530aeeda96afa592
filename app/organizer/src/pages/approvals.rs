//! `/organize/:org/approvals`: refunds that wait for a second person, and the limit above which they do.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    approvals::{
        ApprovalView, ApprovalsPage, ApprovalsView, ApproveRefund, DeclineRefund, SetApprovalLimit,
    },
    ask,
};
use app_ui::{
    Badge, Button, ButtonKind, Definition, DefinitionList, EmptyState, FormError, MoneyView,
    Notice, Section, TextInput, Tone, use_locale,
};
use domain::orders::ApprovalState;
use leptos::prelude::*;
use locales::{Locale, approvals as t, dates, money, numbers::integer};

use crate::parts::{Frame, act, loaded, saved, use_part};

#[component]
pub fn ApprovalsPage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let found = ask(move || ApprovalsPage {
        organization: organization.get(),
    });
    let query = use_query_map();
    let asked = move || {
        query
            .with(|q| q.get("done"))
            .is_some_and(|done| done == "asked")
            .then(|| view! { <Notice tone=Tone::Success title=t::asked_done(l)/> })
    };
    view! {
        <Frame title=t::title(l)>
            <div aria-live="polite">{asked}</div>
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: ApprovalsView) -> AnyView {
    let l = use_locale();
    let limits = limits(organization, &found);
    let (waiting, over): (Vec<_>, Vec<_>) = found
        .rows
        .into_iter()
        .partition(|row| row.state == ApprovalState::Waiting);
    let none = waiting
        .is_empty()
        .then(|| view! { <EmptyState title=t::none_title(l) text=t::none_text(l)/> });
    let waiting = waiting
        .into_iter()
        .map(|row| one(organization, row))
        .collect_view();
    let over = (!over.is_empty()).then(|| {
        let rows = over
            .into_iter()
            .map(|row| one(organization, row))
            .collect_view();
        view! { <h2 class="section-title">{t::over(l)}</h2> {rows} }
    });
    view! { {none} {waiting} {over} {limits} }.into_any()
}

fn state(l: Locale, state: ApprovalState) -> (Tone, &'static str) {
    match state {
        ApprovalState::Waiting => (Tone::Info, t::state_waiting(l)),
        ApprovalState::Approved => (Tone::Success, t::state_approved(l)),
        ApprovalState::Declined => (Tone::Error, t::state_declined(l)),
        ApprovalState::Expired => (Tone::Neutral, t::state_expired(l)),
        ApprovalState::Overtaken => (Tone::Warning, t::state_overtaken(l)),
    }
}

fn one(organization: &str, row: ApprovalView) -> AnyView {
    let l = use_locale();
    let waits = row.state == ApprovalState::Waiting;
    let forms = waits.then(|| decide(organization, &row));
    let (tone, name) = state(l, row.state);
    let at = |at: &app_api::values::Moment| dates::medium(l, at.at, Some(&at.zone));
    let (asked, expires) = (at(&row.asked), at(&row.expires));
    let (title, href) = match &row.order_code {
        Some(code) => (
            t::of_order(l, code),
            format!("/organize/{organization}/orders/{code}"),
        ),
        None => (
            t::of_event(l).to_owned(),
            format!("/organize/{organization}/events/{}/refunds", row.event_slug),
        ),
    };
    let of_event = row.order_code.is_none();
    let buyer = row
        .buyer_name
        .map(|buyer| view! { <Definition term=t::buyer(l)><bdi>{buyer}</bdi></Definition> });
    let orders = of_event.then(|| {
        let orders = integer(u64::from(row.orders));
        view! { <Definition term=t::orders(l)>{orders}</Definition> }
    });
    let tickets = integer(u64::from(row.tickets));
    let reason = (!row.reason.is_empty())
        .then(|| view! { <Definition term=t::reason(l)><bdi>{row.reason}</bdi></Definition> });
    let decided = row
        .decided_by
        .map(|by| view! { <Definition term=t::decided_by(l)><bdi>{by}</bdi></Definition> });
    let why = (!row.decision_reason.is_empty()).then(|| {
        view! { <Definition term=t::decision_reason(l)><bdi>{row.decision_reason}</bdi></Definition> }
    });
    let until = waits.then(|| view! { <Definition term=t::expires(l)>{expires}</Definition> });
    view! {
        <Section title>
            <div class="stack">
                <p class="fact-line"><Badge tone>{name}</Badge><a class="text-link" href=href><bdi>{row.event_title}</bdi></a></p>
                <DefinitionList>
                    <Definition term=t::amount(l)><strong><MoneyView amount=row.amount/></strong></Definition>
                    {buyer}
                    {orders}
                    <Definition term=t::tickets(l)>{tickets}</Definition>
                    {reason}
                    <Definition term=t::asked_by(l)><bdi>{row.asked_by}</bdi></Definition>
                    <Definition term=t::asked(l)>{asked}</Definition>
                    {until}
                    {decided}
                    {why}
                </DefinitionList>
                {forms}
            </div>
        </Section>
    }
    .into_any()
}

fn decide(organization: &str, row: &ApprovalView) -> AnyView {
    let l = use_locale();
    let yes = FormState::of::<ApproveRefund>("id", &row.id);
    let no = FormState::of::<DeclineRefund>("id", &row.id);
    let (org, id) = (organization.to_owned(), row.id.clone());
    let agree = (!row.own).then(|| {
        let (org, id) = (org.clone(), id.clone());
        let label = t::agree(l, money::format(l, row.amount));
        view! {
            <form method="post" action=yes.address()>
                <input type="hidden" name="organization" value=org/>
                <input type="hidden" name="id" value=id/>
                {act(yes, label, ButtonKind::Primary)}
            </form>
        }
    });
    let own = row
        .own
        .then(|| view! { <p class="field-hint">{t::own(l)}</p> });
    let label = if row.own {
        t::take_back(l)
    } else {
        t::decline(l)
    };
    view! {
        {own}
        {agree}
        <form method="post" action=no.address() class="form">
            <input type="hidden" name="organization" value=org/>
            <input type="hidden" name="id" value=id.clone()/>
            <TextInput
                name="reason"
                id=format!("reason-{id}")
                label=t::decision_reason(l)
                maxlength=300
                required=true
                value=no.value("reason")
                error=no.error("reason")
            />
            {act(no, label, ButtonKind::Secondary)}
        </form>
    }
    .into_any()
}

fn limits(organization: &str, found: &ApprovalsView) -> AnyView {
    let l = use_locale();
    let form = FormState::new::<SetApprovalLimit>();
    let off = found
        .limits
        .is_empty()
        .then(|| view! { <p>{t::limit_off(l)}</p> });
    let now = found
        .limits
        .iter()
        .copied()
        .map(|limit| view! { <li><MoneyView amount=limit/></li> })
        .collect_view();
    let organization = organization.to_owned();
    let set = found.may_set.then(|| {
        let proof =
            (!found.proved).then(|| view! { <Notice tone=Tone::Info title=t::limit_proof(l)/> });
        view! {
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                {saved(form)}
                {proof}
                <input type="hidden" name="organization" value=organization/>
                <TextInput
                    name="currency"
                    id="limit-currency"
                    label=t::currency(l)
                    maxlength=3
                    required=true
                    value=form.value_or("currency", "EUR")
                    error=form.error("currency")
                />
                <TextInput
                    name="limit"
                    label=t::limit(l)
                    hint=t::limit_hint(l)
                    inputmode="decimal"
                    value=form.value("limit")
                    error=form.error("limit")
                />
                <div class="form-actions"><Button>{t::save(l)}</Button></div>
            </form>
        }
    });
    view! {
        <Section title=t::limits(l) lead=t::limits_lead(l)>
            <div class="stack">
                {off}
                <ul role="list">{now}</ul>
                {set}
            </div>
        </Section>
    }
    .into_any()
}
