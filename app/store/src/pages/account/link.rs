//! `/sign-in/link` asks for a link that signs in, `/sign-in/link/:token` takes it: a press, not the visit, uses it up,
//! because mail programs visit links by themselves.

use app_api::{
    ErrorKind, FormState,
    accounts::{RequestSignInLink, SignInByLink, asked_here},
};
use app_ui::{
    Button, Container, ContainerSize, FormError, LinkButton, Notice, PageHeader, TextInput, Tone,
    use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::{elsewhere, token};

#[component]
pub fn LinkPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<RequestSignInLink>();
    view! {
        <Title text=t::link_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            {if form.done() {
                view! {
                    <PageHeader title=t::reset_sent_title(l) lead=t::link_sent_text(l)/>
                    {elsewhere::digits(l, false)}
                }
                    .into_any()
            } else {
                view! {
                    <PageHeader title=t::link_title(l) lead=t::link_lead(l)/>
                    <div class="stack">
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
                                <Button wide=true>{t::link_send(l)}</Button>
                            </div>
                        </form>
                        <p><a class="text-link" href="/sign-in">{t::link_password(l)}</a></p>
                    </div>
                }
                    .into_any()
            }}
        </Container>
    }
}

#[component]
pub fn TakeLinkPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<SignInByLink>();
    let here = asked_here(false);
    let over = form
        .failure()
        .is_some_and(|error| error.kind == ErrorKind::Gone);
    view! {
        <Title text=t::link_take_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            {if over {
                view! {
                    <PageHeader title=t::link_take_title(l)/>
                    <Notice tone=Tone::Error title=t::verify_old(l)>
                        <LinkButton href="/sign-in/link">{t::reset_again(l)}</LinkButton>
                    </Notice>
                }
                    .into_any()
            } else {
                view! {
                    <PageHeader title=t::link_take_title(l) lead=t::link_take_lead(l)/>
                    <form method="post" action=form.address() class="form" novalidate=true>
                        <FormError error=form.form_error()/>
                        <input type="hidden" name="token" value=token()/>
                        {elsewhere::field(l, form, here)}
                        <div class="form-actions">
                            <Button wide=true>{t::sign_in(l)}</Button>
                        </div>
                    </form>
                }
                    .into_any()
            }}
        </Container>
    }
}
