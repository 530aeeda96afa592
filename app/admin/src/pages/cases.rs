//! `/admin/finance/cases`: where our books and the provider's do not agree.

use app_api::query::use_query_map;
use app_api::{
    FormState,
    admin::{AdminBooks, AdminCases, CaseView, CompareBooks, Listing, SideView, StandingView},
    ask,
};
use app_ui::{
    Badge, Button, ButtonKind, Choice, Column, DataTable, DateTimeView, EmptyState, FormError,
    KeysetPager, LinkButton, MoneyView, Notice, Section, Select, Tone, use_locale,
};
use domain::books::{CaseKind, CaseState};
use leptos::prelude::*;
use locales::{Locale, books as t, numbers::integer};

use crate::parts::{Frame, light, loaded};

#[component]
pub fn CasesPage() -> impl IntoView {
    let l = use_locale();
    let query = use_query_map();
    let asked = query.with_untracked(|q| q.get("done").is_some());
    let wanted =
        Memo::new(move |_| query.with(|q| (q.get("state").unwrap_or_default(), q.get("after"))));
    let standing = ask(|| AdminBooks {});
    let found = ask(move || {
        let (state, after) = wanted.get();
        AdminCases { state, after }
    });
    view! {
        <Frame title=t::title(l) lead=t::lead(l)>
            <p>
                <LinkButton href="/admin/finance" kind=ButtonKind::Secondary small=true>{t::back(l)}</LinkButton>
            </p>
            {asked.then(|| view! { <Notice tone=Tone::Success title=t::asked(l)/> })}
            {loaded(standing, how_it_stands)}
            {loaded(found, move |found| list(wanted.get_untracked().0, found))}
        </Frame>
    }
}

fn how_it_stands(found: StandingView) -> AnyView {
    let l = use_locale();
    if !found.keeps_book {
        return view! {
            <Notice tone=Tone::Info title=t::no_book(l)><p>{t::no_book_text(l, &found.provider)}</p></Notice>
        }
        .into_any();
    }
    let (tone, words) = light(l, &found);
    let last = found.last.map(|last| {
        let at = last.ended;
        let fault = (!last.error.is_empty()).then(|| view! { <p><bdi>{last.error.clone()}</bdi></p> });
        view! {
            <p>{t::last(l)}" · "<DateTimeView at zone="UTC"/></p>
            {fault.is_none().then(|| view! { <p>{t::compared(l, integer(last.ours), integer(last.theirs))}</p> })}
            {fault}
        }
    });
    let form = FormState::new::<CompareBooks>();
    let button = if found.under_way {
        view! { <p>{t::under_way(l)}</p> }.into_any()
    } else {
        view! {
            <form method="post" action=form.address()>
                <FormError error=form.form_error()/>
                <Button kind=ButtonKind::Secondary>{t::compare_now(l)}</Button>
            </form>
        }
        .into_any()
    };
    view! { <div class="card stack"><p><Badge tone>{words}</Badge></p>{last}{button}</div> }
        .into_any()
}

fn list(state: String, found: Listing<CaseView>) -> AnyView {
    let l = use_locale();
    let choices = std::iter::once(Choice::new("", t::any(l)))
        .chain(
            CaseState::all()
                .iter()
                .map(|one| Choice::new(one.code(), state_words(l, *one).1)),
        )
        .collect();
    let next = found
        .next
        .map(|after| format!("/admin/finance/cases?state={state}&after={after}"));
    let body = if found.items.is_empty() {
        view! { <EmptyState title=t::none(l) text=t::none_text(l)/> }.into_any()
    } else {
        table(l, found.items)
    };
    view! {
        <Section title=t::all_cases(l)>
            <form action="/admin/finance/cases" class="form-row">
                <Select name="state" label=t::state(l) choices selected=state/>
                <Button kind=ButtonKind::Secondary>{t::show(l)}</Button>
            </form>
            {body}
            <KeysetPager next/>
        </Section>
    }
    .into_any()
}

fn table(l: Locale, cases: Vec<CaseView>) -> AnyView {
    let columns = vec![
        Column::text(t::col_what(l)),
        Column::text(t::state(l)),
        Column::number(t::col_ours(l)),
        Column::number(t::col_theirs(l)),
        Column::text(t::col_subject(l)),
        Column::text(t::col_last(l)),
    ];
    let amount = |side: Option<SideView>| match side {
        Some(side) => view! { <MoneyView amount=side.amount/> }.into_any(),
        None => view! { {t::not_there(l)} }.into_any(),
    };
    let rows = cases
        .into_iter()
        .map(|case| {
            let (tone, state) = state_words(l, case.state);
            let href = format!("/admin/finance/cases/{}", case.id);
            let at = case.last_seen;
            view! {
                <tr>
                    <th scope="row"><a class="text-link" href=href>{kind_words(l, case.kind)}</a></th>
                    <td data-label=t::state(l)><Badge tone>{state}</Badge></td>
                    <td class="num" data-label=t::col_ours(l)>{amount(case.ours)}</td>
                    <td class="num" data-label=t::col_theirs(l)>{amount(case.theirs)}</td>
                    <td data-label=t::col_subject(l)><bdi class="code">{case.subject}</bdi></td>
                    <td data-label=t::col_last(l)><DateTimeView at/></td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::all_cases(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

pub(super) fn state_words(l: Locale, state: CaseState) -> (Tone, &'static str) {
    match state {
        CaseState::Open => (Tone::Error, t::state_open(l)),
        CaseState::Explained => (Tone::Warning, t::state_explained(l)),
        CaseState::Solved => (Tone::Success, t::state_solved(l)),
    }
}

pub(super) fn kind_words(l: Locale, kind: CaseKind) -> &'static str {
    match kind {
        CaseKind::MissingHere => t::kind_missing_here(l),
        CaseKind::MissingThere => t::kind_missing_there(l),
        CaseKind::AmountDiffers => t::kind_amount_differs(l),
        CaseKind::TwiceHere => t::kind_twice_here(l),
        CaseKind::TwiceThere => t::kind_twice_there(l),
        CaseKind::UnknownLine => t::kind_unknown_line(l),
        CaseKind::ClearingDiffers => t::kind_clearing_differs(l),
        CaseKind::BookIncomplete => t::kind_book_incomplete(l),
    }
}
