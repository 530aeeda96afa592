//! Title and sections around every page.

use app_ui::{Container, ContainerSize, PageHeader, TabItem, Tabs, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_location;
use locales::admin;

#[component]
pub fn Frame(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: Option<String>,
    children: Children,
) -> impl IntoView {
    let l = use_locale();
    let path = use_location().pathname.get_untracked();
    let tab = |label: &str, href: &str| {
        let here = if href == "/admin" {
            path == href
        } else {
            path.starts_with(href)
        };
        TabItem::new(label, href, here)
    };
    let tabs = vec![
        tab(admin::overview(l), "/admin"),
        tab(admin::users(l), "/admin/users"),
        tab(admin::organizations(l), "/admin/organizations"),
        tab(admin::events(l), "/admin/events"),
        tab(admin::orders(l), "/admin/orders"),
        tab(admin::audit(l), "/admin/audit"),
    ];
    view! {
        <Title text=format!("{title} · {}", admin::title(l))/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Wide>
            <PageHeader eyebrow=admin::title(l).to_owned() title lead=lead.unwrap_or_default()/>
            <Tabs label=admin::sections(l) items=tabs/>
            <div class="stack">{children()}</div>
        </Container>
    }
    .into_any()
}
