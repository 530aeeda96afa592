//! On the way to the provider's page. A page of its own, because browsers let no form lead to another site; the address is
//! gone to by itself, or by the link.

use app_api::{ask, checkout::ProviderPage};
use app_ui::{Container, ContainerSize, LinkButton, use_locale};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::checkout;

use crate::parts::{fetched, param};

pub fn leave() -> impl IntoView {
    let order = param("order");
    let page = ask(move || ProviderPage {
        secret: order.get(),
    });
    fetched(page, |url| view! { <Leave url/> }.into_any())
}

#[component]
fn Leave(url: String) -> impl IntoView {
    let l = use_locale();
    let at_once = format!("0; url={url}");
    view! {
        <Title text=checkout::leave_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="no-referrer"/>
        <Meta http_equiv="refresh" content=at_once/>
        <Container size=ContainerSize::Narrow>
            <div class="buy-over" role="status">
                <span class="spinner buy-waiting" aria-hidden="true"></span>
                <h1 class="page-title">{checkout::leave_title(l)}</h1>
                <p class="lead">{checkout::leave_lead(l)}</p>
                <p>
                    <LinkButton href=url external=true>{checkout::leave_on(l)}</LinkButton>
                </p>
            </div>
        </Container>
    }
}
