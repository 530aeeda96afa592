//! `/reset` asks for a link, `/reset/:token` takes the new password.

use app_api::{
    ErrorKind, FormState,
    accounts::{RequestPasswordReset, ResetPassword, asked_here},
};
use app_ui::{Button, Container, ContainerSize, FormError, PageHeader, TextInput, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::{elsewhere, token};

#[component]
pub fn ResetPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<RequestPasswordReset>();
    view! {
        <Title text=t::reset_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            {if form.done() {
                    view! {
                        <PageHeader title=t::reset_sent_title(l) lead=t::reset_sent_text(l)/>
                        {elsewhere::digits(l, true)}
                    }
                        .into_any()
                } else {
                    view! {
                        <PageHeader title=t::reset_title(l) lead=t::reset_lead(l)/>
                        <form method="post" action=form.address() class="form" novalidate=true>
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
                                <Button wide=true>{t::reset_send(l)}</Button>
                            </div>
                        </form>
                    }
                        .into_any()
                }}
        </Container>
    }
}

#[component]
pub fn ChoosePasswordPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<ResetPassword>();
    let here = asked_here(true);
    let over = form
        .failure()
        .is_some_and(|error| error.kind == ErrorKind::Gone);
    view! {
        <Title text=t::reset_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::reset_title(l) lead=t::reset_choose_lead(l)/>
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=form.form_error()/>
                <input type="hidden" name="token" value=token()/>
                {elsewhere::field(l, form, here)}
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
                    <Button wide=true>{t::reset_save(l)}</Button>
                </div>
            </form>
            <p hidden=!over><a href="/reset">{t::reset_again(l)}</a></p>
        </Container>
    }
}
