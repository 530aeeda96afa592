//! Events of all organizations.

use app_api::{
    admin::{AdminEvents, PlatformEventView},
    ask,
};
use app_ui::{Badge, Column, DataTable, DateTimeView, use_locale};
use leptos::prelude::*;
use locales::{admin, numbers::integer};

use crate::parts::{Found, Frame, event_state, loaded, use_search};

#[component]
pub fn EventsPage() -> impl IntoView {
    let l = use_locale();
    let search = use_search();
    let events = ask(move || {
        let s = search.get();
        AdminEvents {
            q: s.text,
            after: s.after,
        }
    });
    view! {
        <Frame title=admin::events(l)>
            {loaded(events, move |listing| view! {
                <Found
                    path="/admin/events"
                    label=admin::search_events(l)
                    search=search.get_untracked()
                    listing
                    table
                />
            }.into_any())}
        </Frame>
    }
}

fn table(events: Vec<PlatformEventView>) -> AnyView {
    let l = use_locale();
    let columns = vec![
        Column::text(admin::col_event(l)),
        Column::text(admin::col_organization(l)),
        Column::text(admin::col_state(l)),
        Column::text(admin::col_starts(l)),
        Column::number(admin::col_sold(l)),
    ];
    let rows = events
        .into_iter()
        .map(|event| {
            let (tone, state) = event_state(l, &event.state);
            let title = if event.state == "draft" {
                view! { <bdi>{event.title}</bdi> }.into_any()
            } else {
                view! { <a href=format!("/e/{}", event.slug)><bdi>{event.title}</bdi></a> }.into_any()
            };
            view! {
                <tr>
                    <td data-label=admin::col_event(l)>{title}</td>
                    <td data-label=admin::col_organization(l)>
                        <a href=format!("/admin/organizations/{}", event.organization_id)><bdi>{event.organization}</bdi></a>
                    </td>
                    <td data-label=admin::col_state(l)><Badge tone>{state}</Badge></td>
                    <td data-label=admin::col_starts(l)><DateTimeView at=event.starts zone=event.zone/></td>
                    <td class="num" data-label=admin::col_sold(l)>
                        {format!("{} / {}", integer(event.sold), integer(event.capacity))}
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! { <DataTable caption=admin::events(l) columns stacked=true>{rows}</DataTable> }.into_any()
}
