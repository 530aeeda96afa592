//! Another address for the account: `/account/email` asks for it, the mailed links confirm it or take it back.

use app_api::{
    ErrorKind, FormState,
    accounts::{ConfirmEmailChange, RequestEmailChange, RestoreEmail},
    require_fresh_session, use_session,
};
use app_ui::{
    Breadcrumbs, Button, ButtonKind, Container, ContainerSize, Crumb, FormError, LinkButton,
    Notice, PageHeader, TextInput, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, accounts as t};

use super::{elsewhere, token};

#[component]
pub fn EmailPage() -> impl IntoView {
    require_fresh_session();
    let l = use_locale();
    let form = FormState::new::<RequestEmailChange>();
    let now = use_session()
        .map(|session| session.email)
        .unwrap_or_default();
    let crumbs = vec![
        Crumb::link(t::account_title(l), "/account"),
        Crumb::here(t::email_change(l)),
    ];
    let body = if form.done() {
        view! { <Notice tone=Tone::Success title=t::email_sent(l)>{t::email_sent_text(l)}</Notice> }
            .into_any()
    } else {
        view! {
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=form.form_error()/>
                <TextInput
                    name="new_email"
                    label=t::email_new(l)
                    kind="email"
                    value=form.value("new_email")
                    error=form.error("new_email")
                    autocomplete="email"
                    required=true
                />
                <div class="form-actions"><Button>{t::email_send(l)}</Button></div>
            </form>
        }
        .into_any()
    };
    view! {
        <Title text=t::email_change(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <Breadcrumbs items=crumbs/>
            <PageHeader title=t::email_change(l) lead=t::email_lead(l, now)/>
            {body}
        </Container>
    }
}

#[component]
pub fn ConfirmEmailPage() -> impl IntoView {
    let l = use_locale();
    let words = Words {
        title: t::email_confirm_title(l),
        lead: t::email_confirm_lead(l),
        button: t::email_confirm(l),
        done: t::email_confirmed(l),
        danger: false,
    };
    pressed(l, FormState::new::<ConfirmEmailChange>(), &words)
}

#[component]
pub fn RestoreEmailPage() -> impl IntoView {
    let l = use_locale();
    let words = Words {
        title: t::email_restore_title(l),
        lead: t::email_restore_lead(l),
        button: t::email_restore(l),
        done: t::email_restored(l),
        danger: true,
    };
    pressed(l, FormState::new::<RestoreEmail>(), &words)
}

struct Words {
    title: &'static str,
    lead: &'static str,
    button: &'static str,
    done: &'static str,
    danger: bool,
}

/// A press, not the visit, uses the link up, because mail programs visit links by themselves.
fn pressed(l: Locale, form: FormState, words: &Words) -> AnyView {
    let Words {
        title,
        lead,
        button,
        done,
        danger,
    } = *words;
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    let over = form
        .failure()
        .is_some_and(|error| matches!(error.kind, ErrorKind::Gone | ErrorKind::Conflict));
    let body = if form.done() {
        view! {
            <PageHeader title/>
            <Notice tone=Tone::Success title=done>
                {elsewhere::digits(l, true)}
                <LinkButton href="/account">{t::account_title(l)}</LinkButton>
            </Notice>
        }
        .into_any()
    } else {
        view! {
            <PageHeader title lead/>
            <form method="post" action=form.address() class="form">
                <FormError error=form.form_error()/>
                <input type="hidden" name="token" value=token()/>
                <div class="form-actions" hidden=over>
                    <Button kind wide=true>{button}</Button>
                </div>
            </form>
        }
        .into_any()
    };
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>{body}</Container>
    }
    .into_any()
}
