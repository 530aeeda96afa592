//! Title, way back and sections around every page of an event.

use app_api::membership;
use app_ui::{
    Breadcrumbs, Container, ContainerSize, Crumb, TabItem, Tabs, ToastRegion, provide_toasts,
    use_locale,
};
use domain::permissions::Right;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_params_map;
use locales::organizer as t;

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
}

/// Around the pages of an event.
#[component]
pub fn EventFrame(#[prop(into)] title: String, tab: EventTab, children: Children) -> impl IntoView {
    app_api::require_session();
    provide_toasts();
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Wide>
            {event_nav(tab)}
            <div class="stack organizer-page">{children()}</div>
        </Container>
        <ToastRegion/>
    }
    .into_any()
}

/// The way back to the organization, and the sections of the event that the viewer may open.
pub fn event_nav(tab: EventTab) -> AnyView {
    let l = use_locale();
    let (org, event) = (param("org"), param("event"));
    let member = membership(&org);
    let may = |right| member.as_ref().is_some_and(|member| member.role.has(right));
    let name = member
        .as_ref()
        .map_or_else(|| org.clone(), |member| member.name.clone());
    let base = format!("/organize/{org}/events/{event}");
    let item = |label: &str, path: &str, one: Option<EventTab>| {
        TabItem::new(label, format!("{base}{path}"), one == Some(tab))
    };
    let mut tabs = Vec::new();
    if may(Right::ManageEvents) {
        tabs.push(item(t::overview(l), "", Some(EventTab::Overview)));
        tabs.push(item(t::edit(l), "/edit", Some(EventTab::Edit)));
    }
    if may(Right::ViewOrders) {
        tabs.push(item(t::orders(l), "/orders", Some(EventTab::Orders)));
    }
    tabs.push(item(
        t::attendees(l),
        "/attendees",
        Some(EventTab::Attendees),
    ));
    if may(Right::ManageDevices) {
        tabs.push(item(t::door(l), "/door", None));
    }
    let crumbs = vec![
        Crumb::link(name, format!("/organize/{org}")),
        Crumb::here(t::event(l)),
    ];
    view! {
        <Breadcrumbs items=crumbs/>
        <Tabs label=t::sections(l) items=tabs/>
    }
    .into_any()
}
