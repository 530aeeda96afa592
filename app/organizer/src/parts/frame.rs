//! Title and sections around every page of an organization.

use app_api::membership;
use app_ui::{
    Container, ContainerSize, PageHeader, TabItem, Tabs, ToastRegion, provide_toasts, use_locale,
};
use domain::permissions::Right;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_location, use_params_map};
use locales::{approvals, audit, finance, invoices, promo, team as t};

use super::event_frame::{EventTab, event_nav};

#[component]
pub fn Frame(#[prop(into)] title: String, children: Children) -> impl IntoView {
    app_api::require_session();
    provide_toasts();
    let l = use_locale();
    let slug = use_params_map().with_untracked(|p| p.get("org").unwrap_or_default());
    let path = use_location().pathname.get_untracked();
    let home = format!("/organize/{slug}");
    let member = membership(&slug);
    let may = |right| app_api::may(&slug, right);
    let name = member
        .as_ref()
        .map_or_else(|| slug.clone(), |member| member.name.clone());
    let tab = |label: &str, end: &str| {
        let href = format!("{home}{end}");
        let here = if end.is_empty() {
            path == href
        } else {
            path.starts_with(&href)
        };
        TabItem::new(label, href, here)
    };
    let mut tabs = vec![tab(t::events(l), "")];
    if may(Right::ViewOrders) {
        tabs.push(tab(t::orders(l), "/orders"));
        tabs.push(tab(invoices::documents(l), "/invoices"));
    }
    if may(Right::ManagePromoCodes) {
        tabs.push(tab(promo::title(l), "/promo-codes"));
    }
    if may(Right::RefundOrders) {
        tabs.push(tab(approvals::title(l), "/approvals"));
    }
    if may(Right::ViewFinances) {
        tabs.push(tab(finance::title(l), "/money"));
    }
    if may(Right::ManageTeam) {
        tabs.push(tab(t::title(l), "/team"));
    }
    if may(Right::ViewAudit) {
        tabs.push(tab(audit::title(l), "/audit"));
    }
    if may(Right::ManageOrganization) {
        tabs.push(tab(t::settings(l), "/settings"));
    }
    let of_event = use_params_map().with_untracked(|p| p.get("event").is_some());
    let nav = if of_event {
        let tab = if path.ends_with("/attendees") {
            EventTab::Attendees
        } else {
            EventTab::Orders
        };
        event_nav(title.clone(), tab)
    } else {
        view! {
            <Title text=format!("{title} · {name}")/>
            <Tabs label=t::sections(l) items=tabs/>
        }
        .into_any()
    };
    view! {
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Wide>
            {nav}
            <PageHeader eyebrow=name title/>
            <div class="stack organizer-page">{children()}</div>
        </Container>
        <ToastRegion/>
    }
    .into_any()
}
