//! `/sign-in`

use app_api::{FormState, accounts::SignIn, passkeys::SignInPasskey};
use app_ui::{Button, Container, ContainerSize, FormError, PageHeader, TextInput, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::{
    next_path,
    passkey::{Deed, PasskeyForm},
    with_next,
};

#[component]
pub fn SignInPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SignIn>();
    let by_key = FormState::new::<SignInPasskey>();
    let next = next_path();
    let sign_up = with_next("/sign-up", &next);
    let next_too = next.clone();
    view! {
        <Title text=t::sign_in_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::sign_in_title(l) lead=t::sign_in_lead(l)/>
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=form.form_error()/>
                <input type="hidden" name="next" value=next/>
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
                    error=form.error("password")
                    autocomplete="current-password"
                    required=true
                />
                <div class="form-actions">
                    <Button wide=true>{t::sign_in(l)}</Button>
                </div>
            </form>
            <PasskeyForm deed=Deed::Get form=by_key label=t::passkey_sign_in(l) wide=true>
                <input type="hidden" name="next" value=next_too/>
            </PasskeyForm>
            <p><a href="/sign-in/link">{t::link_instead(l)}</a></p>
            <p><a href="/reset">{t::forgot(l)}</a></p>
            <p>{t::no_account(l)} " " <a href=sign_up>{t::create_account(l)}</a></p>
            <p>{t::find_tickets_hint(l)} " " <a href="/find-my-tickets">{t::find_tickets(l)}</a></p>
        </Container>
    }
}
