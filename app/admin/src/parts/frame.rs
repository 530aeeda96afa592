//! Title and sections around every page. Only for platform admins: everybody else sees what they would see at an
//! address without a page.

use app_api::{ApiError, ErrorKind, use_session};
use app_ui::{
    Container, ContainerSize, FaultPage, LinkButton, PageHeader, TabItem, Tabs, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::use_location;
use locales::{admin, finance, shell};

/// A page without a `title` shows its own [`Heading`] once it knows what it is about.
#[component]
pub fn Frame(
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional, into)] lead: Option<String>,
    children: Children,
) -> impl IntoView {
    match use_session() {
        None => view! { <SignInFirst/> }.into_any(),
        Some(viewer) if !viewer.platform_admin => view! { <Nowhere/> }.into_any(),
        Some(viewer) if !viewer.has_second_factor => view! { <SecondFactorFirst/> }.into_any(),
        Some(_) => {
            let heading = title.map(|title| {
                view! { <Heading eyebrow=admin::title(use_locale()) title lead=lead.unwrap_or_default()/> }
            });
            view! {
                <Meta name="robots" content="noindex"/>
                <Container size=ContainerSize::Wide>
                    <Sections/>
                    <div class="stack platform-page">{heading}{children()}</div>
                </Container>
            }
            .into_any()
        }
    }
}

/// Whoever answers for a whole platform needs more than a password.
#[component]
fn SecondFactorFirst() -> impl IntoView {
    let l = use_locale();
    let error = ApiError::new(ErrorKind::Forbidden, "second_factor_needed");
    error.set_page_status();
    view! {
        <Title text=admin::title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=admin::title(l) lead=error.text(l)>
                <LinkButton href="/account/security">{shell::set_up_second_factor(l)}</LinkButton>
            </PageHeader>
        </Container>
    }
    .into_any()
}

/// The title of the window and of the page.
#[component]
pub fn Heading(
    #[prop(into)] eyebrow: String,
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: String,
) -> impl IntoView {
    let l = use_locale();
    view! {
        <Title text=format!("{title} · {}", admin::title(l))/>
        <PageHeader eyebrow title lead=Some(lead).filter(|lead| !lead.is_empty())/>
    }
    .into_any()
}

#[component]
fn Sections() -> impl IntoView {
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
    let items = vec![
        tab(admin::overview(l), "/admin"),
        tab(admin::users(l), "/admin/users"),
        tab(admin::organizations(l), "/admin/organizations"),
        tab(admin::events(l), "/admin/events"),
        tab(admin::orders(l), "/admin/orders"),
        tab(finance::title(l), "/admin/finance"),
        tab(admin::audit(l), "/admin/audit"),
    ];
    view! { <Tabs label=admin::sections(l) items/> }.into_any()
}

/// Who is not signed in may be an admin.
#[component]
fn SignInFirst() -> impl IntoView {
    let l = use_locale();
    ApiError::unauthenticated().set_page_status();
    let next = use_location().pathname.get_untracked();
    view! {
        <Title text=shell::unauthenticated_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container>
            <PageHeader title=shell::unauthenticated_title(l)>
                <LinkButton href=format!("/sign-in?next={next}")>{shell::sign_in(l)}</LinkButton>
            </PageHeader>
        </Container>
    }
    .into_any()
}

#[component]
fn Nowhere() -> impl IntoView {
    let l = use_locale();
    let error = ApiError::not_found();
    error.set_page_status();
    let title = shell::not_found_title(l);
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        <FaultPage status=error.status() title text=shell::not_found_text(l)/>
    }
    .into_any()
}
