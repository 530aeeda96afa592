//! `/accept/:offer`: somebody is offered a ticket, and says yes or no.

use app_api::{
    FormState, ask,
    checkout::{AcceptPage, AcceptTicket, AcceptView, DeclineTicket},
};
use app_ui::{
    Button, ButtonKind, Container, ContainerSize, FormError, LinkButton, Notice, Tone, use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, checkout, dates, errors, passing as t};

use super::summary::EventLines;
use crate::parts::{fetched, param};

pub fn accept() -> impl IntoView {
    let offer = param("offer");
    let page = ask(move || AcceptPage {
        secret: offer.get(),
    });
    fetched(page, |page| view! { <Accept page/> }.into_any())
}

#[component]
fn Accept(page: AcceptView) -> impl IntoView {
    let l = use_locale();
    let inside = match page.why_not.clone() {
        Some(why) => over(l, &page, &why),
        None => choice(l, &page),
    };
    view! {
        <Title text=t::offered_title(l)/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container size=ContainerSize::Narrow>
            <header class="order-head">
                <p class="eyebrow">{t::for_whom(l, &page.recipient)}</p>
                <h1 class="page-title" dir="auto">{page.event.title.clone()}</h1>
                <p class="lead" dir="auto">{page.type_name}</p>
            </header>
            <div class="order-parts">
                <EventLines event=page.event/>
                {inside}
            </div>
        </Container>
    }
}

fn over(l: Locale, page: &AcceptView, why: &str) -> AnyView {
    let href = format!("/e/{}", page.event.slug);
    let ask = t::over(l, &page.giver);
    view! {
        <Notice tone=Tone::Info title=errors::text(l, why).to_owned()>{ask}</Notice>
        <p>
            <LinkButton href kind=ButtonKind::Secondary>{checkout::to_event(l)}</LinkButton>
        </p>
    }
    .into_any()
}

fn choice(l: Locale, page: &AcceptView) -> AnyView {
    let (yes, no) = (
        FormState::new::<AcceptTicket>(),
        FormState::new::<DeclineTicket>(),
    );
    let until = dates::medium(l, page.until.at, Some(&page.until.zone));
    let (for_yes, for_no) = (page.secret.clone(), page.secret.clone());
    view! {
        <div class="stack-tight">
            <p>{t::accept_effect(l, &page.giver)}</p>
            <p class="buy-note">{t::accept_until(l, until)} " " {t::accept_money(l)}</p>
        </div>
        <FormError error=yes.form_error().or(no.form_error())/>
        <div class="btn-row">
            <form method="post" action=yes.address()>
                <input type="hidden" name="secret" value=for_yes/>
                <Button>{t::accept(l)}</Button>
            </form>
            <form method="post" action=no.address()>
                <input type="hidden" name="secret" value=for_no/>
                <Button kind=ButtonKind::Secondary>{t::decline(l)}</Button>
            </form>
        </div>
    }
    .into_any()
}
