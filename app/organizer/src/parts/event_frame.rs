//! Title, way back and sections around every page of an event.

use app_api::{ask, membership, organizer_orders::OrganizerEventHeading};
use app_ui::{
    Breadcrumbs, Container, ContainerSize, Crumb, TabItem, Tabs, ToastRegion, provide_toasts,
    use_locale,
};
use domain::permissions::Right;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_params_map;
use locales::{organizer as t, refunds};

use super::part::Part;

/// A part of the address.
pub fn param(name: &str) -> String {
    use_params_map().with_untracked(|params| params.get(name).unwrap_or_default())
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum EventTab {
    Overview,
    Edit,
    Orders,
    Attendees,
    Door,
    Refunds,
}

/// Around the pages of an event.
#[component]
pub fn EventFrame(#[prop(into)] title: String, tab: EventTab, children: Children) -> impl IntoView {
    app_api::require_session();
    provide_toasts();
    view! {
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Wide>
            {event_nav(title, tab)}
            <div class="stack organizer-page">{children()}</div>
        </Container>
        <ToastRegion/>
    }
    .into_any()
}

/// The way back to the organization, the sections of the event that the viewer may open, and `title` with the event's
/// name in the browser's tab.
pub fn event_nav(title: String, tab: EventTab) -> AnyView {
    let l = use_locale();
    let (org, event) = (param("org"), param("event"));
    let member = membership(&org);
    let may = |right| app_api::may(&org, right);
    let name = member
        .as_ref()
        .map_or_else(|| org.clone(), |member| member.name.clone());
    let home = format!("/organize/{org}");
    let base = format!("{home}/events/{event}");
    let item = |label: &str, path: &str, one: EventTab| {
        TabItem::new(label, format!("{base}{path}"), one == tab)
    };
    let mut tabs = Vec::new();
    if may(Right::ViewSales) {
        tabs.push(item(t::overview(l), "", EventTab::Overview));
    }
    if let Some(part) = Part::first(&org) {
        tabs.push(item(t::edit(l), part.path(), EventTab::Edit));
    }
    if may(Right::ViewOrders) {
        tabs.push(item(t::orders(l), "/orders", EventTab::Orders));
        // Few events ever have any.
        if tab == EventTab::Refunds {
            tabs.push(item(refunds::tab(l), "/refunds", EventTab::Refunds));
        }
    }
    if may(Right::ViewAttendees) {
        tabs.push(item(t::attendees(l), "/attendees", EventTab::Attendees));
    }
    if may(Right::CheckIn) {
        tabs.push(item(t::door(l), "/door", EventTab::Door));
    }
    let heading = ask(move || OrganizerEventHeading {
        organization: org.clone(),
        event: event.clone(),
    });
    let crumbs = move |here: &str| {
        let items = vec![Crumb::link(name.clone(), home.clone()), Crumb::here(here)];
        view! { <Breadcrumbs items/> }
    };
    let unnamed = crumbs.clone();
    view! {
        <Transition fallback=move || unnamed(t::event(l))>
            {move || {
                let (crumbs, title) = (crumbs.clone(), title.clone());
                Suspend::new(async move {
                    let name = heading.answer().await.map_or_else(|_| t::event(l).to_owned(), |event| event.title);
                    view! {
                        <Title text=format!("{title} · {name}")/>
                        {crumbs(&name)}
                    }
                })
            }}
        </Transition>
        <Tabs label=t::sections(l) items=tabs/>
    }
    .into_any()
}
