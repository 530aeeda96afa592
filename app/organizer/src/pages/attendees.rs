//! `/organize/:org/events/:event/attendees`: who comes.

use app_api::{
    ask,
    organizer_orders::{AttendeeListView, AttendeeRowView, OrganizerAttendees},
};
use app_ui::{
    Badge, ButtonKind, Column, DataTable, DateTimeView, EmptyState, KeysetPager, LinkButton,
    SearchBox, Tone, address, use_locale,
};
use leptos::prelude::*;
use locales::orders as t;

use crate::parts::{Asked, Frame, loaded, use_asked};

#[component]
pub fn AttendeesPage() -> impl IntoView {
    let l = use_locale();
    let asked = use_asked();
    let attendees = ask(move || {
        let a = asked.get();
        OrganizerAttendees {
            organization: a.organization,
            event: a.event.unwrap_or_default(),
            q: a.text,
            after: a.after,
        }
    });
    view! {
        <Frame title=t::attendees(l)>
            {loaded(attendees, move |list| show(&asked.get_untracked(), list))}
        </Frame>
    }
}

fn show(asked: &Asked, list: AttendeeListView) -> AnyView {
    let l = use_locale();
    let event = format!(
        "/organize/{}/events/{}",
        asked.organization, list.event.slug
    );
    let path = format!("{event}/attendees");
    let here = |after: &str| address(&path, &[("q", &asked.text), ("after", after)]);
    let next = list.next.as_deref().map(&here);
    let previous = asked.after.is_some().then(|| here(""));
    let orders = list
        .may_see_orders
        .then(|| format!("/organize/{}/orders", asked.organization));
    let empty = list.rows.is_empty();
    let may_export = list.may_export && !(empty && asked.text.is_empty());
    let body = match (empty, asked.text.is_empty()) {
        (false, _) => table(orders.as_deref(), list.rows),
        (true, true) => {
            view! { <EmptyState title=t::nobody_title(l) text=t::nobody_text(l)/> }.into_any()
        }
        (true, false) => {
            let all = path.clone();
            view! {
                <EmptyState title=t::not_found_title(l) text=t::not_found_text(l)>
                    <LinkButton href=all kind=ButtonKind::Secondary>{t::show_all(l)}</LinkButton>
                </EmptyState>
            }
            .into_any()
        }
    };
    let file = format!("{path}.csv");
    view! {
        <p class="lead dotted">
            <a class="text-link" href=event.clone()><bdi>{list.event.title}</bdi></a>
            <DateTimeView at=list.event.starts zone=list.event.zone/>
        </p>
        {may_export
            .then(|| view! {
                <div class="stack-tight">
                    <p>
                        <LinkButton href=file kind=ButtonKind::Secondary small=true external=true>
                            {t::download(l)}
                        </LinkButton>
                    </p>
                    <p class="field-hint">{t::download_hint(l)}</p>
                </div>
            })}
        <SearchBox
            action=path.clone()
            label=t::search_attendees(l)
            placeholder=t::search_attendees_hint(l)
            value=asked.text.clone()
        />
        {body}
        <KeysetPager previous next/>
    }
    .into_any()
}

fn table(orders: Option<&str>, rows: Vec<AttendeeRowView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(t::col_name(l)),
        Column::text(t::col_type(l)),
        Column::text(t::col_order(l)),
        Column::text(t::col_buyer(l)),
        Column::text(t::col_admitted(l)),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let order = match orders {
                Some(orders) => view! {
                    <a class="text-link" href=format!("{orders}/{}", row.order_code)>
                        <bdi class="code">{row.order_code.clone()}</bdi>
                    </a>
                }
                .into_any(),
                None => view! { <bdi class="code">{row.order_code.clone()}</bdi> }.into_any(),
            };
            let gate = Some(row.gate).filter(|gate| !gate.is_empty());
            let inside = match row.admitted {
                Some(at) => view! {
                    <span>
                        <Badge tone=Tone::Success>{t::inside_badge(l)}</Badge>" "<DateTimeView at/>
                        {gate.map(|gate| view! { <br/><small><bdi>{gate}</bdi></small> })}
                    </span>
                }
                .into_any(),
                None => view! { <span>{t::not_in_yet(l)}</span> }.into_any(),
            };
            view! {
                <tr>
                    <td data-label=t::col_name(l)>
                        <span><bdi>{row.name}</bdi><br/><small><bdi>{row.email}</bdi></small></span>
                    </td>
                    <td data-label=t::col_type(l)><bdi>{row.ticket_type}</bdi></td>
                    <td data-label=t::col_order(l)>{order}</td>
                    <td data-label=t::col_buyer(l)><bdi>{row.buyer_name}</bdi></td>
                    <td data-label=t::col_admitted(l)>{inside}</td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=t::attendees(l) columns stacked=true>{rows}</DataTable> }.into_any()
}
