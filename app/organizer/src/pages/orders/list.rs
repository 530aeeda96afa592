//! `/organize/:org/orders` and `/organize/:org/events/:event/orders`.

use app_api::{
    ask,
    organizer_orders::{EventHeading, OrderListView, OrderRowView, OrganizerOrders},
};
use app_ui::{
    Badge, ButtonKind, Chip, Column, DataTable, DateTimeView, EmptyState, FilterChips, KeysetPager,
    LinkButton, MoneyView, SearchBox, address, use_locale,
};
use domain::orders::OrderState;
use leptos::prelude::*;
use locales::{money, numbers::integer, orders as t, requests};

use super::{
    requests::{answered, can_pick, pick, picking},
    words::order_state,
};
use crate::parts::{Asked, Frame, loaded, use_asked};

#[component]
pub fn OrdersPage() -> impl IntoView {
    let l = use_locale();
    let asked = use_asked();
    let orders = ask(move || {
        let a = asked.get();
        OrganizerOrders {
            organization: a.organization,
            event: a.event,
            q: a.text,
            state: a.state,
            after: a.after,
        }
    });
    view! {
        <Frame title=t::title(l)>
            {loaded(orders, move |list| show(&asked.get_untracked(), list))}
        </Frame>
    }
}

fn path(asked: &Asked) -> String {
    match &asked.event {
        Some(event) => format!("/organize/{}/events/{event}/orders", asked.organization),
        None => format!("/organize/{}/orders", asked.organization),
    }
}

fn show(asked: &Asked, list: OrderListView) -> AnyView {
    let l = use_locale();
    let path = path(asked);
    let keep = if asked.state.is_empty() {
        Vec::new()
    } else {
        vec![("state".to_owned(), asked.state.clone())]
    };
    let here = |after: &str| {
        address(
            &path,
            &[
                ("q", &asked.text),
                ("state", &asked.state),
                ("after", after),
            ],
        )
    };
    let next = list.next.as_deref().map(&here);
    let previous = asked.after.is_some().then(|| here(""));
    let of_event = list.event.is_some();
    let picks = can_pick(asked);
    let body = if list.rows.is_empty() {
        let empty = empty(asked, &path);
        let done = picks.then(|| answered(l));
        view! { {done} {empty} }.into_any()
    } else {
        let table = table(&asked.organization, (of_event, picks), list.rows);
        if picks { picking(asked, table) } else { table }
    };
    view! {
        {list.event.map(|event| heading(&asked.organization, event))}
        <SearchBox
            action=path.clone()
            label=t::search(l)
            placeholder=t::search_hint(l)
            value=asked.text.clone()
            keep
        />
        <FilterChips label=t::filter(l) chips=chips(asked, &path)/>
        {body}
        <KeysetPager previous next/>
    }
    .into_any()
}

fn heading(organization: &str, event: EventHeading) -> AnyView {
    let l = use_locale();
    let page = format!("/organize/{organization}/events/{}", event.slug);
    view! {
        <p class="lead dotted">
            <a class="text-link" href=page.clone()><bdi>{event.title}</bdi></a>
            <DateTimeView at=event.starts zone=event.zone/>
        </p>
        <p>
            <LinkButton href=format!("{page}/attendees") kind=ButtonKind::Secondary small=true>
                {t::attendees(l)}
            </LinkButton>
        </p>
    }
    .into_any()
}

fn chips(asked: &Asked, path: &str) -> Vec<Chip> {
    let l = use_locale();
    let all = Chip::choice(
        t::filter_all(l),
        address(path, &[("q", &asked.text)]),
        asked.state.is_empty(),
    );
    let states = OrderState::all().iter().map(|state| {
        let active = asked.state == state.code();
        let wanted = if active { "" } else { state.code() };
        Chip::filter(
            order_state(l, *state).1,
            address(path, &[("q", &asked.text), ("state", wanted)]),
            active,
        )
    });
    std::iter::once(all).chain(states).collect()
}

fn empty(asked: &Asked, path: &str) -> AnyView {
    let l = use_locale();
    if asked.text.is_empty() && asked.state.is_empty() && asked.after.is_none() {
        return view! { <EmptyState title=t::none_title(l) text=t::none_text(l)/> }.into_any();
    }
    let all = path.to_owned();
    view! {
        <EmptyState title=t::not_found_title(l) text=t::not_found_text(l)>
            <LinkButton href=all kind=ButtonKind::Secondary>{t::show_all(l)}</LinkButton>
        </EmptyState>
    }
    .into_any()
}

fn table(organization: &str, (of_event, picks): (bool, bool), rows: Vec<OrderRowView>) -> AnyView {
    let l = use_locale();
    let mut columns = Vec::new();
    if picks {
        columns.push(Column::text(requests::col_pick(l)));
    }
    columns.extend([Column::text(t::col_order(l)), Column::text(t::col_buyer(l))]);
    if !of_event {
        columns.push(Column::text(t::col_event(l)));
    }
    columns.extend([
        Column::text(t::col_state(l)),
        Column::number(t::col_tickets(l)),
        Column::number(t::col_total(l)),
        Column::text(t::col_when(l)),
    ]);
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(n, row)| line(organization, (of_event, picks.then_some(n)), row))
        .collect_view();
    view! { <DataTable caption=t::title(l) columns stacked=true>{rows}</DataTable> }.into_any()
}

fn line(
    organization: &str,
    (of_event, picked): (bool, Option<usize>),
    row: OrderRowView,
) -> AnyView {
    let l = use_locale();
    let (tone, state) = order_state(l, row.state);
    let page = format!("/organize/{organization}/orders/{}", row.code);
    let pick = picked.map(|n| pick(n, &row.code));
    let event = format!("/organize/{organization}/events/{}/orders", row.event_slug);
    let refunded =
        (!row.refunded.is_zero()).then(|| t::refunded_part(l, money::format(l, row.refunded)));
    view! {
        <tr>
            {pick}
            <td data-label=t::col_order(l)><a class="text-link" href=page><bdi class="code">{row.code}</bdi></a></td>
            <td data-label=t::col_buyer(l)>
                <span><bdi>{row.buyer_name}</bdi><br/><small><bdi>{row.buyer_email}</bdi></small></span>
            </td>
            {(!of_event)
                .then(|| view! {
                    <td data-label=t::col_event(l)><a class="text-link" href=event><bdi>{row.event_title}</bdi></a></td>
                })}
            <td data-label=t::col_state(l)><Badge tone>{state}</Badge></td>
            <td class="num" data-label=t::col_tickets(l)>{integer(u64::from(row.tickets))}</td>
            <td class="num" data-label=t::col_total(l)>
                <span>
                    <MoneyView amount=row.total free=true/>
                    {refunded.map(|text| view! { <br/><small>{text}</small> })}
                </span>
            </td>
            <td data-label=t::col_when(l)><DateTimeView at=row.created zone=row.zone/></td>
        </tr>
    }
    .into_any()
}
