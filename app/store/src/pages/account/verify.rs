//! `/verify/:token`: a press, not the visit, uses the link up, because mail programs visit links by themselves.

use app_api::{FormState, accounts::VerifyEmail};
use app_ui::{Button, Container, ContainerSize, LinkButton, Notice, PageHeader, Tone, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::accounts as t;

use super::token;

#[component]
pub fn VerifyPage() -> impl IntoView {
    let l = use_locale();
    let form = FormState::new::<VerifyEmail>();
    view! {
        <Title text=t::verify_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Container size=ContainerSize::Narrow>
            <PageHeader title=t::verify_title(l) lead=t::verify_lead(l)/>
            {form
                .failed()
                .then(|| {
                    view! {
                        <Notice tone=Tone::Error title=t::verify_old(l)>
                            <p>{t::verify_old_hint(l)}</p>
                            <LinkButton href="/sign-in?next=/account">{t::sign_in(l)}</LinkButton>
                        </Notice>
                    }
                })}
            <form method="post" action=form.address() class="form">
                <input type="hidden" name="token" value=token()/>
                <div class="form-actions">
                    <Button wide=true>{t::verify(l)}</Button>
                </div>
            </form>
        </Container>
    }
}
