//! `/admin/finance/cases/:id`: one difference, with what both books say.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    admin::{AdminCase, CaseView, ExplainCase, SideView},
    ask,
};
use app_ui::{
    Badge, Button, ButtonKind, DateTimeView, Definition, DefinitionList, FormError, LinkButton,
    MoneyView, Notice, Section, TextArea, Tone, use_locale,
};
use domain::{
    books::{CaseKind, CaseState},
    money::Money,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use locales::{Locale, admin, books as t};

use super::cases::{kind_words, state_words};
use crate::parts::{Frame, Heading, loaded};

#[component]
pub fn CasePage() -> impl IntoView {
    let l = use_locale();
    let id = use_params_map().with_untracked(|p| p.get("id").unwrap_or_default());
    let explained = use_query_map().with_untracked(|q| q.get("done").is_some());
    let found = ask(move || AdminCase { id: id.clone() });
    view! {
        <Frame>
            {loaded(found, move |found| show(found, explained))}
            <p>
                <LinkButton href="/admin/finance/cases" kind=ButtonKind::Secondary small=true>{t::all_cases(l)}</LinkButton>
            </p>
        </Frame>
    }
}

fn show(case: CaseView, explained: bool) -> AnyView {
    let l = use_locale();
    let (tone, state) = state_words(l, case.state);
    let (first, last) = (case.first_seen, case.last_seen);
    let line = |term: &'static str, text: Option<String>| {
        text.map(|text| view! { <Definition term=term><bdi>{text}</bdi></Definition> })
    };
    let solved = case
        .solved
        .map(|at| view! { <Definition term=t::solved(l)><DateTimeView at/></Definition> });
    let differs = differs(case.ours.as_ref(), case.theirs.as_ref()).map(|amount| {
        view! { <Definition term=t::difference(l)><MoneyView amount/></Definition> }
    });
    let form = (case.state != CaseState::Solved).then(|| explain(l, &case.id, &case.note));
    let text = case.note;
    let note = (!text.is_empty()).then(|| {
        let by = case
            .explained_by
            .clone()
            .map(|name| t::explained_by(l, name));
        let at = case
            .explained
            .map(|at| view! { " · "<DateTimeView at zone="UTC"/> });
        view! {
            <Section title=t::note(l)>
                <p><bdi>{text}</bdi></p>
                <p class="stat-note">{by}{at}</p>
            </Section>
        }
    });
    view! {
        <Heading eyebrow=admin::title(l) title=kind_words(l, case.kind) lead=hint(l, case.kind)/>
        {explained.then(|| view! { <Notice tone=Tone::Success title=t::explained(l)/> })}
        <DefinitionList>
            <Definition term=t::state(l)><Badge tone>{state}</Badge></Definition>
            <Definition term=t::col_subject(l)><bdi class="code">{case.subject.clone()}</bdi></Definition>
            {differs}
            {line(t::organization(l), case.organization.clone())}
            {line(t::order(l), case.order.clone())}
            <Definition term=t::col_first(l)><DateTimeView at=first/></Definition>
            <Definition term=t::col_last(l)><DateTimeView at=last/></Definition>
            {solved}
            <Definition term=t::times(l)>{t::times_count(l, case.times)}</Definition>
        </DefinitionList>
        <div class="grid-cards">
            {side(l, t::col_ours(l), case.ours.clone())}
            {side(l, t::col_theirs(l), case.theirs.clone())}
        </div>
        {note}
        {form}
    }
    .into_any()
}

fn side(l: Locale, title: &'static str, side: Option<SideView>) -> AnyView {
    let body = match side {
        None => view! { <p>{t::not_there(l)}</p> }.into_any(),
        Some(side) => {
            let at = side
                .at
                .map(|at| view! { <Definition term=t::when(l)><DateTimeView at/></Definition> });
            view! {
                <DefinitionList>
                    <Definition term=t::amount(l)><MoneyView amount=side.amount/></Definition>
                    <Definition term=t::name(l)><bdi class="code">{side.name}</bdi></Definition>
                    <Definition term=t::kept_as(l)><bdi>{side.what}</bdi></Definition>
                    {at}
                </DefinitionList>
            }
            .into_any()
        }
    };
    view! { <section class="card stack"><h2>{title}</h2>{body}</section> }.into_any()
}

/// Theirs less ours, where both are in one currency.
fn differs(ours: Option<&SideView>, theirs: Option<&SideView>) -> Option<Money> {
    theirs?.amount.checked_sub(ours?.amount).ok()
}

fn explain(l: Locale, case: &str, note: &str) -> AnyView {
    let (case, note) = (case.to_owned(), note.to_owned());
    let form = FormState::new::<ExplainCase>();
    view! {
        <Section title=t::explain_title(l)>
            <p>{t::explain_text(l)}</p>
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="case" value=case/>
                <TextArea
                    name="note"
                    label=t::note(l)
                    rows=4
                    maxlength=1000
                    required=true
                    value=form.value_or("note", note)
                    error=form.error("note")
                />
                <div class="form-actions"><Button>{t::explain(l)}</Button></div>
            </form>
        </Section>
    }
    .into_any()
}

fn hint(l: Locale, kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::MissingHere => t::hint_missing_here(l),
        CaseKind::MissingThere => t::hint_missing_there(l),
        CaseKind::AmountDiffers => t::hint_amount_differs(l),
        CaseKind::TwiceHere => t::hint_twice_here(l),
        CaseKind::TwiceThere => t::hint_twice_there(l),
        CaseKind::UnknownLine => t::hint_unknown_line(l),
        CaseKind::ClearingDiffers => t::hint_clearing_differs(l),
        CaseKind::BookIncomplete => t::hint_book_incomplete(l),
    }
}
