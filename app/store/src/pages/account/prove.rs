//! `/sign-in/again`: showing once more who one is.

use app_api::{
    FormState, passkeys::ProvePasskey, require_session, security::ProveAgain, use_session,
};
use app_ui::{Button, Container, ContainerSize, FormError, PageHeader, TextInput, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::{
    next_path,
    passkey::{Deed, PasskeyForm},
};

#[component]
pub fn ProvePage() -> impl IntoView {
    require_session();
    let l = use_locale();
    let form = FormState::new::<ProveAgain>();
    let by_key = FormState::new::<ProvePasskey>();
    let next = next_path();
    let next_too = next.clone();
    let by_code = use_session().is_some_and(|session| session.has_authenticator);
    let field = if by_code {
        view! {
            <TextInput
                name="code"
                label=t::code(l)
                hint=t::code_hint(l)
                error=form.error("code")
                autocomplete="one-time-code"
                required=true
            />
        }
        .into_any()
    } else {
        view! {
            <TextInput
                name="password"
                label=t::password(l)
                kind="password"
                error=form.error("password")
                autocomplete="current-password"
                required=true
            />
        }
        .into_any()
    };
    view! {
        <Title text=t::prove_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::prove_title(l) lead=t::prove_lead(l)/>
            <div class="stack">
                <form method="post" action=form.address() class="form" novalidate=true>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="next" value=next/>
                    {field}
                    <div class="form-actions">
                        <Button wide=true>{t::prove(l)}</Button>
                    </div>
                </form>
                <PasskeyForm deed=Deed::Get form=by_key label=t::passkey_prove(l) wide=true>
                    <input type="hidden" name="next" value=next_too/>
                </PasskeyForm>
                <p>{t::prove_other(l)}</p>
            </div>
        </Container>
    }
}
