//! Title and sections around every page of an organization.

use app_api::use_session;
use app_ui::{Container, ContainerSize, PageHeader, TabItem, Tabs, use_locale};
use domain::permissions::Right;
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_location, use_params_map};
use locales::team as t;

#[component]
pub fn Frame(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let l = use_locale();
    let slug = use_params_map().with_untracked(|p| p.get("org").unwrap_or_default());
    let path = use_location().pathname.get_untracked();
    let home = format!("/organize/{slug}");
    let member = use_session()
        .with_untracked(|session| session.as_ref()?.memberships.iter().find(|m| m.slug == slug).cloned());
    let may = |right| member.as_ref().is_none_or(|member| member.role.has(right));
    let name = member.as_ref().map_or_else(|| slug.clone(), |member| member.name.clone());
    let tab = |label: &str, end: &str| {
        let href = format!("{home}{end}");
        let here = if end.is_empty() { path == href } else { path.starts_with(&href) };
        TabItem::new(label, href, here)
    };
    let mut tabs = vec![tab(t::events(l), "")];
    if may(Right::ViewOrders) {
        tabs.push(tab(t::orders(l), "/orders"));
    }
    if may(Right::ManageTeam) {
        tabs.push(tab(t::title(l), "/team"));
    }
    if may(Right::ManageOrganization) {
        tabs.push(tab(t::settings(l), "/settings"));
    }
    view! {
        <Title text=format!("{title} · {name}")/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Wide>
            <PageHeader eyebrow=name title/>
            <Tabs label=t::sections(l) items=tabs/>
            <div class="stack">{children()}</div>
        </Container>
    }
    .into_any()
}
