//! `/sign-up`

use app_api::{FormState, accounts::SignUp};
use app_ui::{
    Button, Container, ContainerSize, FormError, LinkButton, PageHeader, TextInput, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::{next_path, with_next};

#[component]
pub fn SignUpPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SignUp>();
    let sign_in = with_next("/sign-in", &next_path());
    view! {
        <Title text=t::sign_up_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            {if form.done() {
                    view! {
                        <PageHeader title=t::check_mail_title(l) lead=t::check_mail_text(l)>
                            <LinkButton href=sign_in>{t::check_mail_go(l)}</LinkButton>
                        </PageHeader>
                    }
                        .into_any()
                } else {
                    sign_up_form(form, sign_in)
                }}
        </Container>
    }
}

fn sign_up_form(form: FormState, sign_in: String) -> AnyView {
    let l = use_locale();
    view! {
        <PageHeader title=t::sign_up_title(l) lead=t::sign_up_lead(l)/>
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            <TextInput
                name="name"
                label=t::name(l)
                hint=t::name_hint(l)
                value=form.value("name")
                error=form.error("name")
                autocomplete="name"
                required=true
            />
            <TextInput
                name="email"
                label=t::email(l)
                kind="email"
                value=form.value("email")
                error=form.error("email")
                autocomplete="username"
                required=true
            />
            <TextInput
                name="password"
                label=t::password(l)
                kind="password"
                hint=t::password_hint(l)
                error=form.error("password")
                autocomplete="new-password"
                required=true
            />
            <div class="form-actions">
                <Button wide=true>{t::sign_up(l)}</Button>
            </div>
        </form>
        <p>{t::have_account(l)} " " <a href=sign_in>{t::sign_in(l)}</a></p>
    }
    .into_any()
}
