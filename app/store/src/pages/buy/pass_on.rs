//! Giving tickets to other people: `/orders/:order/pass-on` offers them, one where the address names it.

use app_api::query::use_query_map;
use app_api::{
    FormState, ask,
    checkout::{OfferTicket, PassOnPage, PassOnView, PassTicketView, PendingView, TakeOfferBack},
};
use app_ui::{
    Button, ButtonKind, Container, ContainerSize, FormError, Notice, Section, TextInput, Tone,
    use_locale,
};
use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use locales::{Locale, checkout, dates, errors, passing as t};

use crate::parts::{fetched, param};

pub fn pass_on() -> impl IntoView {
    let order = param("order");
    let query = use_query_map();
    let page = ask(move || PassOnPage {
        secret: order.get(),
    });
    fetched(page, move |page| {
        let named = query.with_untracked(|query| query.get("ticket"));
        view! { <PassOn page named/> }.into_any()
    })
}

#[component]
fn PassOn(page: PassOnView, named: Option<String>) -> impl IntoView {
    let l = use_locale();
    let back = format!("/orders/{}", page.secret);
    let all = format!("/orders/{}/pass-on", page.secret);
    let number = page.tickets.len();
    let chosen = named.filter(|id| page.tickets.iter().any(|ticket| ticket.id == *id));
    let others = (chosen.is_some() && number > 1)
        .then(|| view! { <p><a class="text-link" href=all>{t::others(l)}</a></p> });
    let tickets = page
        .tickets
        .into_iter()
        .filter(|ticket| chosen.as_ref().is_none_or(|id| ticket.id == *id))
        .map(|ticket| {
            let title = checkout::give_back_ticket(l, &ticket.holder, &ticket.type_name);
            let inside = one(l, &page.secret, ticket, t::effect_money(l));
            view! { <Section title>{inside}</Section> }
        })
        .collect_view();
    view! {
        <Title text=t::title(l)/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container size=ContainerSize::Narrow>
            <header class="order-head">
                <p class="eyebrow">{checkout::order_number(l, &page.code)}</p>
                <h1 class="page-title">{t::title(l)}</h1>
                <p class="lead" dir="auto">{page.title}</p>
            </header>
            <div class="order-parts">
                {if number == 0 {
                    view! { <Notice tone=Tone::Info title=t::none(l)/> }.into_any()
                } else {
                    view! { <p>{t::lead(l)}</p> }.into_any()
                }}
                {tickets}
                {others}
                <p><a class="text-link" href=back>{checkout::give_back_return(l)}</a></p>
            </div>
        </Container>
    }
}

/// One ticket: offered to somebody, or to be offered, or why not. `money` says whose that is.
pub(super) fn one(l: Locale, secret: &str, ticket: PassTicketView, money: &'static str) -> AnyView {
    match (ticket.pending.clone(), ticket.why_not.clone()) {
        (Some(offer), _) => pending(l, secret, &ticket.id, offer),
        (None, Some(why)) => view! { <p>{errors::text(l, &why).to_owned()}</p> }.into_any(),
        (None, None) => offer_form(l, secret, ticket, money),
    }
}

fn pending(l: Locale, secret: &str, ticket: &str, offer: PendingView) -> AnyView {
    let sent = FormState::of::<OfferTicket>("ticket", ticket).done();
    let form = FormState::of::<TakeOfferBack>("offer", &offer.id);
    let until = dates::medium(l, offer.until.at, Some(&offer.until.zone));
    view! {
        {sent.then(|| view! { <Notice tone=Tone::Success title=t::sent(l)/> })}
        <p>{t::pending(l, until, &offer.email, &offer.name)}</p>
        <form method="post" action=form.address() class="form-actions">
            <FormError error=form.form_error()/>
            <input type="hidden" name="secret" value=secret.to_owned()/>
            <input type="hidden" name="offer" value=offer.id/>
            <Button kind=ButtonKind::Secondary>{t::take_back(l)}</Button>
        </form>
    }
    .into_any()
}

/// Before the button stands what it does.
fn offer_form(l: Locale, secret: &str, ticket: PassTicketView, money: &'static str) -> AnyView {
    let form = FormState::of::<OfferTicket>("ticket", &ticket.id);
    let taken_back = FormState::new::<TakeOfferBack>().done();
    let until = dates::medium(l, ticket.until.at, Some(&ticket.until.zone));
    view! {
        {taken_back.then(|| view! { <p class="buy-note" role="status">{t::taken_back(l)}</p> })}
        <form method="post" action=form.address() class="form" novalidate=true>
            <FormError error=form.form_error()/>
            <input type="hidden" name="secret" value=secret.to_owned()/>
            <input type="hidden" name="ticket" value=ticket.id.clone()/>
            <TextInput
                name="name"
                id=format!("name-{}", ticket.id)
                label=t::name(l)
                value=form.value("name")
                error=form.error("name")
                required=true
                maxlength=120
            />
            <TextInput
                name="email"
                id=format!("email-{}", ticket.id)
                label=checkout::email(l)
                kind="email"
                value=form.value("email")
                error=form.error("email")
                required=true
            />
            <ul class="pass-effects">
                <li>{t::effect_until(l, until)}</li>
                <li>{t::effect_code(l)}</li>
                <li>{t::effect_hands(l, u64::from(ticket.hands_left))}</li>
                <li>{money}</li>
            </ul>
            <div class="form-actions"><Button>{t::offer(l)}</Button></div>
        </form>
    }
    .into_any()
}
