//! `/organize/:org/money/disputes/:dispute`: one case, what would be sent, and the answer.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    disputes::{
        AcceptDispute, AnswerDispute, DisputeCaseView, OrganizerDispute, SaveDisputeStatement,
    },
};
use app_ui::{
    Badge, Button, ButtonKind, ConfirmPanel, DateTimeView, Definition, DefinitionList, FormError,
    MoneyView, Notice, Section, TextArea, Tone, use_locale,
};
use leptos::prelude::*;
use locales::{Locale, disputes as t, finance};

use super::{Here, sections, words};
use crate::parts::{Frame, loaded, use_part};

#[component]
pub fn DisputePage() -> impl IntoView {
    let l = use_locale();
    let organization = use_part("org");
    let dispute = use_part("dispute");
    let done = use_query_map().with_untracked(|q| q.get("done"));
    let found = ask(move || OrganizerDispute {
        organization: organization.get(),
        dispute: dispute.get(),
    });
    let done = match done.as_deref() {
        Some("saved") => Some(t::done_saved(l)),
        Some("answered") => Some(t::done_answered(l)),
        Some("accepted") => Some(t::done_accepted(l)),
        _ => None,
    };
    view! {
        <Frame title=t::case_title(l)>
            {sections(&organization.get_untracked(), Here::Disputes)}
            {done.map(|title| view! { <Notice tone=Tone::Success title/> })}
            {loaded(found, move |found| show(&organization.get_untracked(), found))}
        </Frame>
    }
}

fn show(organization: &str, found: DisputeCaseView) -> AnyView {
    let l = use_locale();
    let answer = (found.takes_answer && found.may_manage).then(|| answer(organization, &found));
    let late = (found.state.takes_answer() && !found.takes_answer).then(|| {
        view! { <Notice tone=Tone::Warning title=t::too_late(l)/> }
    });
    view! {
        {late}
        {facts(l, organization, &found)}
        {evidence(l, &found)}
        {answer}
        {timeline(l, &found)}
    }
    .into_any()
}

fn facts(l: Locale, organization: &str, found: &DisputeCaseView) -> AnyView {
    let (tone, state) = words::dispute_state(l, found.state);
    let reason = words::dispute_reason(l, found.reason);
    let href = format!("/organize/{organization}/orders/{}", found.order);
    let (amount, taken, refunded, opened) =
        (found.amount, found.taken, found.refunded, found.opened);
    let until = found.answer_by.map(|at| {
        view! { <Definition term=t::col_until(l)><DateTimeView at zone="UTC"/></Definition> }
    });
    let costs = found
        .costs
        .iter()
        .map(|cost| {
            let amount = *cost;
            view! { <Definition term=t::fact_cost(l)><MoneyView amount/></Definition> }
        })
        .collect_view();
    let refunded = (!refunded.is_zero()).then(|| {
        view! { <Definition term=t::fact_refunded(l)><MoneyView amount=refunded/></Definition> }
    });
    let tickets = if found.blocked {
        t::tickets_blocked(l)
    } else {
        t::tickets_admit(l)
    };
    let (order, event, buyer) = (
        found.order.clone(),
        found.event.clone(),
        found.buyer.clone(),
    );
    view! {
        <Section title=t::facts_title(l)>
            <DefinitionList>
                <Definition term=t::col_state(l)><Badge tone>{state}</Badge></Definition>
                <Definition term=t::col_reason(l)>{reason}</Definition>
                {until}
                <Definition term=t::col_amount(l)><MoneyView amount/></Definition>
                <Definition term=t::fact_taken(l)><MoneyView amount=taken/></Definition>
                {costs}
                {refunded}
                <Definition term=t::col_order(l)>
                    <a class="text-link" href=href>{finance::order(l, order)}</a>
                </Definition>
                <Definition term=t::fact_event(l)><bdi>{event}</bdi></Definition>
                <Definition term=t::fact_buyer(l)><bdi>{buyer}</bdi></Definition>
                <Definition term=t::fact_tickets(l)>{tickets}</Definition>
                <Definition term=t::col_opened(l)><DateTimeView at=opened zone="UTC"/></Definition>
            </DefinitionList>
        </Section>
    }
    .into_any()
}

/// What was sent, or what would be: the same words.
fn evidence(l: Locale, found: &DisputeCaseView) -> AnyView {
    if found.evidence.is_empty() || !(found.takes_answer || found.answered.is_some()) {
        return ().into_any();
    }
    let lead = if found.answered.is_some() {
        t::evidence_sent_lead(l)
    } else {
        t::evidence_lead(l)
    };
    let parts = found
        .evidence
        .iter()
        .map(|(part, text)| {
            let lines = text
                .lines()
                .map(|line| view! { <span dir="auto">{line.to_owned()}</span><br/> })
                .collect_view();
            view! { <Definition term=words::evidence_part(l, *part)>{lines}</Definition> }
        })
        .collect_view();
    view! {
        <Section title=t::evidence_title(l)>
            <div class="stack">
                <p>{lead}</p>
                <DefinitionList>{parts}</DefinitionList>
            </div>
        </Section>
    }
    .into_any()
}

fn answer(organization: &str, found: &DisputeCaseView) -> AnyView {
    let l = use_locale();
    let save = FormState::new::<SaveDisputeStatement>();
    let send = FormState::new::<AnswerDispute>();
    let give_up = FormState::new::<AcceptDispute>();
    let names = || {
        view! {
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <input type="hidden" name="dispute" value=found.id.clone()/>
        }
    };
    let (kept, typed) = (names(), names());
    let given_up = names();
    let statement = found.statement.clone();
    let words_so_far = save.value_or("statement", found.statement.clone());
    view! {
        <Section title=t::answer_title(l)>
            <div class="stack">
                <form method="post" action=save.address() class="form">
                    <FormError error=save.form_error()/>
                    {typed}
                    <TextArea
                        name="statement"
                        label=t::statement(l)
                        hint=t::statement_hint(l)
                        rows=8
                        maxlength=5000
                        value=words_so_far
                        error=save.error("statement")
                    />
                    <div class="form-actions">
                        <Button kind=ButtonKind::Secondary>{t::save_button(l)}</Button>
                    </div>
                </form>
                <ConfirmPanel label=t::submit_button(l) open=send.form_error().is_some()>
                    <form method="post" action=send.address() class="form">
                        <FormError error=send.form_error()/>
                        {kept}
                        <input type="hidden" name="statement" value=statement/>
                        <p>{t::submit_lead(l)}</p>
                        <Button small=true>{t::submit_confirm(l)}</Button>
                    </form>
                </ConfirmPanel>
                <ConfirmPanel label=t::accept_button(l) open=give_up.form_error().is_some()>
                    <form method="post" action=give_up.address() class="form">
                        <FormError error=give_up.form_error()/>
                        {given_up}
                        <p>{t::accept_lead(l)}</p>
                        <Button kind=ButtonKind::Danger small=true>{t::accept_confirm(l)}</Button>
                    </form>
                </ConfirmPanel>
            </div>
        </Section>
    }
    .into_any()
}

fn timeline(l: Locale, found: &DisputeCaseView) -> AnyView {
    let steps = found
        .steps
        .iter()
        .map(|step| {
            let by = step.by.as_ref().map(|name| t::step_by(l, name));
            let at = step.at;
            view! {
                <li>
                    <DateTimeView at zone="UTC"/>" · "{words::dispute_step(l, &step.what)}" "{by}
                </li>
            }
        })
        .collect_view();
    view! { <Section title=t::timeline_title(l)><ol class="stack">{steps}</ol></Section> }
        .into_any()
}
