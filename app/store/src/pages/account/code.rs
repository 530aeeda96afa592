//! `/sign-in/code`: the second step of signing in.

use app_api::{ErrorKind, FormState, security::SignInCode};
use app_ui::{Button, Container, ContainerSize, FormError, PageHeader, TextInput, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::{next_path, with_next};

#[component]
pub fn CodePage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SignInCode>();
    let next = next_path();
    let again = with_next("/sign-in", &next);
    let over = form
        .failure()
        .is_some_and(|error| error.kind == ErrorKind::Gone);
    view! {
        <Title text=t::code_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::code_title(l) lead=t::code_lead(l)/>
            <div class="stack">
                <form method="post" action=form.address() class="form" novalidate=true hidden=over>
                    <FormError error=form.form_error()/>
                    <input type="hidden" name="next" value=next/>
                    <TextInput
                        name="code"
                        label=t::code(l)
                        hint=t::code_hint(l)
                        error=form.error("code")
                        autocomplete="one-time-code"
                        required=true
                    />
                    <div class="form-actions">
                        <Button wide=true>{t::sign_in(l)}</Button>
                    </div>
                </form>
                <div hidden=!over><FormError error=form.form_error()/></div>
                <p><a class="text-link" href=again>{t::code_again(l)}</a></p>
            </div>
        </Container>
    }
}
