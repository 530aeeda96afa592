//! `/verify/:token`: a press, not the visit, uses the link up, because mail programs visit links by themselves. A browser that
//! does not know the person is asked for the password after the press.

use app_api::{ErrorKind, FormState, accounts::VerifyEmail};
use app_ui::{
    Button, Container, ContainerSize, FormError, LinkButton, Notice, PageHeader, TextInput, Tone,
    use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, accounts as t};

use super::token;

#[component]
pub fn VerifyPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<VerifyEmail>();
    let password = form.error("password");
    let lead = if password.is_some() {
        t::verify_password_lead(l)
    } else {
        t::verify_lead(l)
    };
    let failure = form.failure().filter(|_| password.is_none());
    let over = failure
        .as_ref()
        .is_some_and(|error| error.kind == ErrorKind::Gone);
    let other = failure.filter(|_| !over).map(|error| error.text(l));
    view! {
        <Title text=t::verify_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::verify_title(l) lead/>
            {over
                .then(|| {
                    view! {
                        <Notice tone=Tone::Error title=t::verify_old(l)>
                            <p>{t::verify_old_hint(l)}</p>
                            <LinkButton href="/sign-in?next=/account">{t::sign_in(l)}</LinkButton>
                        </Notice>
                    }
                })}
            <form method="post" action=form.address() class="form" novalidate=true>
                <FormError error=other/>
                <input type="hidden" name="token" value=token()/>
                {password.map(|error| password_field(l, error))}
                <div class="form-actions">
                    <Button wide=true>{t::verify(l)}</Button>
                </div>
            </form>
        </Container>
    }
}

fn password_field(l: Locale, error: String) -> impl IntoView {
    view! {
        <TextInput
            name="password"
            label=t::password(l)
            kind="password"
            error=Some(error)
            autocomplete="current-password"
            required=true
        />
        <p>
            {t::verify_not_you(l)} " "
            <a class="text-link" href="/sign-in/link">{t::verify_not_you_link(l)}</a>
        </p>
    }
}
