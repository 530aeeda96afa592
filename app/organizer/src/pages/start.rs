//! `/organize`: choosing an organization, or founding the first one.

use app_api::{FormState, organizers::CreateOrganization, use_session};
use app_ui::{
    Badge, Button, ButtonKind, Card, Container, ContainerSize, FormError, LinkButton, PageHeader,
    TextInput, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{organizer as t, roles};

#[component]
pub fn StartPage() -> impl IntoView {
    let l = use_locale();
    app_api::require_session();
    let memberships = use_session()
        .map(|session| session.memberships)
        .unwrap_or_default();
    let choice = if memberships.is_empty() {
        view! { <FirstRun/> }.into_any()
    } else {
        let cards = memberships
            .into_iter()
            .map(|m| {
                view! {
                    <Card title=m.name href=format!("/organize/{}", m.slug)>
                        <p><Badge>{roles::name(l, m.role.code())}</Badge></p>
                    </Card>
                }
            })
            .collect_view();
        view! {
            <Container size=ContainerSize::Normal>
                <PageHeader title=t::organize(l) lead=t::choose_organization(l)>
                    <LinkButton href="/organize/new" kind=ButtonKind::Secondary>{t::new_organization(l)}</LinkButton>
                </PageHeader>
                <div class="grid-cards">{cards}</div>
            </Container>
        }
        .into_any()
    };
    view! {
        <Title text=t::organize(l)/>
        <Meta name="robots" content="noindex"/>
        {choice}
    }
}

#[component]
pub fn NewOrganizationPage() -> impl IntoView {
    let l = use_locale();
    app_api::require_session();
    view! {
        <Title text=t::new_organization(l)/>
        <Meta name="robots" content="noindex"/>
        <FirstRun/>
    }
}

#[component]
fn FirstRun() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<CreateOrganization>();
    let email = use_session()
        .map(|session| session.email)
        .unwrap_or_default();
    view! {
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::found_title(l) lead=t::found_lead(l)/>
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=form.form_error()/>
                <TextInput
                    name="name"
                    label=t::organization_name(l)
                    hint=t::organization_name_hint(l)
                    value=form.value("name")
                    error=form.error("name")
                    autocomplete="organization"
                    required=true
                />
                <TextInput
                    name="contact_email"
                    label=t::contact_email(l)
                    hint=t::contact_email_hint(l)
                    kind="email"
                    value=form.value_or("contact_email", email)
                    error=form.error("contact_email")
                    autocomplete="email"
                />
                <div class="form-actions">
                    <Button>{t::found(l)}</Button>
                </div>
            </form>
        </Container>
    }
    .into_any()
}
