//! `/account/privacy`: taking one's data away, and deleting the account.

use app_api::{FormState, privacy::DeleteAccount, require_fresh_session, use_session};
use app_ui::{
    Breadcrumbs, Button, ButtonKind, ConfirmPanel, Container, ContainerSize, Crumb, FormError,
    LinkButton, PageHeader, Section, TextInput, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

#[component]
pub fn PrivacyPage() -> impl IntoView {
    require_fresh_session();
    let l = use_locale();
    let form = FormState::new::<DeleteAccount>();
    let email = use_session().map(|session| session.email);
    let open = form.failed();
    let crumbs = vec![
        Crumb::link(t::account_title(l), "/account"),
        Crumb::here(t::privacy(l)),
    ];
    view! {
        <Title text=t::privacy(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <Breadcrumbs items=crumbs/>
            <PageHeader title=t::privacy(l) lead=t::privacy_lead(l)/>
            <Section title=t::privacy_export(l) lead=t::privacy_export_lead(l)>
                <LinkButton href="/account/export.json" kind=ButtonKind::Secondary external=true>
                    {t::privacy_export_button(l)}
                </LinkButton>
            </Section>
            <Section title=t::privacy_erase(l) lead=t::privacy_erase_lead(l)>
                <ConfirmPanel label=t::privacy_erase_open(l) open>
                    <form method="post" action=form.address() class="form" novalidate=true>
                        <div class="prose"><ul>
                            <li>{t::privacy_erase_orders(l)}</li>
                            <li>{t::privacy_erase_tickets(l)}</li>
                            <li>{t::privacy_erase_invoices(l)}</li>
                            <li>{t::privacy_erase_for_ever(l)}</li>
                        </ul></div>
                        <FormError error=form.form_error()/>
                        <TextInput
                            name="confirm_email"
                            label=t::privacy_erase_repeat(l)
                            hint=email.unwrap_or_default()
                            kind="email"
                            value=form.value("confirm_email")
                            error=form.error("confirm_email")
                            autocomplete="off"
                            required=true
                        />
                        <div><Button kind=ButtonKind::Danger>{t::privacy_erase_confirm(l)}</Button></div>
                    </form>
                </ConfirmPanel>
            </Section>
        </Container>
    }
}

#[component]
pub fn DeletedPage() -> impl IntoView {
    let l = use_locale();
    view! {
        <Title text=t::deleted_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::deleted_title(l) lead=t::deleted_text(l)/>
            <p><LinkButton href="/">{locales::shell::home(l)}</LinkButton></p>
        </Container>
    }
}
