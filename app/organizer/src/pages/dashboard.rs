//! `/organize/:org`: the organization's events.

use app_api::query::use_query_map;
use app_api::{
    ask,
    events::{EventListView, EventRowView, OrganizerEvents},
};
use app_ui::{Badge, EmptyState, KeysetPager, LinkButton, Notice, TabItem, Tabs, Tone, use_locale};
use domain::permissions::Right;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use locales::{numbers, organizer as t};

use crate::parts::{Frame, loaded, param, phase, starts};

#[component]
pub fn DashboardPage() -> impl IntoView {
    let l = use_locale();
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = Memo::new(move |_| {
        let org = params.with(|p| p.get("org").unwrap_or_default());
        query.with(|q| {
            (
                org.clone(),
                q.get("show").unwrap_or_default(),
                q.get("after"),
            )
        })
    });
    let events = ask(move || {
        let (org, show, after) = wanted.get();
        OrganizerEvents {
            organization: org,
            filter: show,
            after,
        }
    });
    view! {
        <Frame title=t::events(l)>
            {loaded(events, move |list| show(list, &wanted.get_untracked().1))}
        </Frame>
    }
}

fn show(list: EventListView, filter: &str) -> AnyView {
    let l = use_locale();
    let org = param("org");
    let base = format!("/organize/{org}");
    let filter = match filter {
        "draft" | "past" => filter.to_owned(),
        _ => "upcoming".to_owned(),
    };
    let may_create = app_api::may(&org, Right::CreateEvents) && list.suspended_reason.is_none();
    let nothing_yet = list.upcoming + list.drafts + list.past == 0;
    let suspended = list.suspended_reason.map(|why| {
        view! {
            <Notice tone=Tone::Warning title=t::suspended(l)>
                <p>{t::suspended_reason(l)}" "<bdi>{why}</bdi></p>
            </Notice>
        }
    });
    let offer = list.offer.map(|offer| super::team::answer(&org, offer));
    if nothing_yet {
        return view! {
            {offer}
            {suspended}
            <EmptyState title=t::first_event_title(l) text=t::first_event_text(l)>
                {may_create
                    .then(|| view! { <LinkButton href=format!("{base}/events/new")>{t::new_event(l)}</LinkButton> })}
            </EmptyState>
        }
        .into_any();
    }
    let tab = |label: &str, code: &str, count: i64| TabItem {
        label: label.to_owned(),
        href: format!("{base}?show={code}"),
        current: filter == code,
        count: Some(numbers::integer(u64::try_from(count).unwrap_or(0))),
    };
    let tabs = vec![
        tab(t::filter_upcoming(l), "upcoming", list.upcoming),
        tab(t::filter_drafts(l), "draft", list.drafts),
        tab(t::filter_past(l), "past", list.past),
    ];
    let next = list
        .next
        .map(|after| format!("{base}?show={filter}&after={after}"));
    let empty = list.rows.is_empty();
    let overview = app_api::may(&org, Right::ViewSales);
    let rows = list
        .rows
        .into_iter()
        .map(|row| event_row(row, &base, overview))
        .collect_view();
    let new_event = may_create
        .then(|| view! { <p><LinkButton href=format!("{base}/events/new")>{t::new_event(l)}</LinkButton></p> });
    view! {
        {offer}
        {suspended}
        {new_event}
        <Tabs label=t::filter(l) items=tabs/>
        {if empty {
            view! { <EmptyState title=t::nothing_here(l) text=t::nothing_here_text(l)/> }.into_any()
        } else {
            view! { <ul class="event-list" role="list">{rows}</ul> }.into_any()
        }}
        <KeysetPager next=next/>
    }
    .into_any()
}

fn event_row(row: EventRowView, base: &str, overview: bool) -> AnyView {
    let l = use_locale();
    let (tone, state) = phase(l, row.phase, row.sold >= row.capacity);
    // Staff at the door have nothing to look at in the overview.
    let page = if overview { "" } else { "/attendees" };
    let href = format!("{base}/events/{}{page}", row.slug);
    let picture = row
        .picture
        .map(|src| view! { <img src=src alt="" width="96" height="64" loading="lazy"/> });
    let place = if row.online {
        t::online(l).to_owned()
    } else {
        row.city
    };
    let place = (!place.is_empty()).then(|| view! { <bdi>{place}</bdi> });
    let when = starts(row.phase, row.starts, row.zone);
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let sold = t::sold_of(
        l,
        numbers::integer(count(row.capacity)),
        numbers::integer(count(row.sold)),
    );
    view! {
        <li class="event-row">
            <span class="event-row-picture">{picture}</span>
            <span class="event-row-text">
                <a class="event-row-title" href=href><bdi>{row.title}</bdi></a>
                <span class="muted dotted">{when} {place}</span>
            </span>
            <span class="event-row-figures">
                <span class="num">{sold}</span>
                <Badge tone>{state}</Badge>
            </span>
        </li>
    }
    .into_any()
}
