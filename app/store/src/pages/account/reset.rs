//! `/reset` asks for a link, `/reset/:token` takes the new password.

use app_api::{
    ErrorKind, FormState,
    accounts::{RequestPasswordReset, ResetPassword},
};
use app_ui::{Button, Container, ContainerSize, FormError, PageHeader, TextInput, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::token;

#[component]
pub fn ResetPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::<RequestPasswordReset>::new();
    let done = form.done();
    view! {
        <Title text=t::reset_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            {move || {
                if done.get() {
                    view! { <PageHeader title=t::reset_sent_title(l) lead=t::reset_sent_text(l)/> }.into_any()
                } else {
                    view! {
                        <PageHeader title=t::reset_title(l) lead=t::reset_lead(l)/>
                        <ActionForm action=form.action attr:class="form" attr:novalidate=true>
                            <FormError error=form.form_error()/>
                            <TextInput
                                name="email"
                                label=t::email(l)
                                kind="email"
                                value=form.value("email")
                                error=form.error("email")
                                autocomplete="username"
                                required=true
                            />
                            <div class="form-actions">
                                <Button wide=true pending=form.pending()>{t::reset_send(l)}</Button>
                            </div>
                        </ActionForm>
                    }
                        .into_any()
                }
            }}
        </Container>
    }
}

#[component]
pub fn ChoosePasswordPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::<ResetPassword>::new();
    form.on_done(app_api::refresh_session);
    let failure = form.failure();
    let over = move || {
        failure.with(|f| {
            f.as_ref()
                .is_some_and(|error| error.kind == ErrorKind::Gone)
        })
    };
    view! {
        <Title text=t::reset_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::reset_title(l) lead=t::reset_choose_lead(l)/>
            <ActionForm action=form.action attr:class="form" attr:novalidate=true>
                <FormError error=form.form_error()/>
                <input type="hidden" name="token" value=token()/>
                <TextInput
                    name="password"
                    label=t::new_password(l)
                    kind="password"
                    hint=t::password_hint(l)
                    error=form.error("password")
                    autocomplete="new-password"
                    required=true
                />
                <div class="form-actions">
                    <Button wide=true pending=form.pending()>{t::reset_save(l)}</Button>
                </div>
            </ActionForm>
            <p hidden=move || !over()><a href="/reset">{t::reset_again(l)}</a></p>
        </Container>
    }
}
