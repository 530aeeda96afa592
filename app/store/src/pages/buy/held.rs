//! `/tickets/:ticket`: a ticket that was passed on, for whoever has it. Of the order it came from it shows nothing.

use app_api::{
    FormState, ask,
    checkout::{HeldPage, HeldView, OfferTicket, TakeOfferBack},
};
use app_ui::{
    ButtonKind, Container, ContainerSize, Disclosure, LinkButton, Notice, Tone, mailto, use_locale,
};
use domain::{catalog::Phase, tickets::TicketState};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::{Meta, Title};
use locales::{Locale, checkout, disputes, passing as t};

use super::{
    kept::{KeptHere, ShowAtDoor},
    pass_on::one,
    tickets::Ticket,
};
use crate::parts::{fetched, param};

pub fn held() -> impl IntoView {
    let ticket = param("ticket");
    let page = ask(move || HeldPage {
        secret: ticket.get(),
    });
    fetched(page, |page| view! { <Held page/> }.into_any())
}

#[component]
fn Held(page: HeldView) -> impl IntoView {
    let l = use_locale();
    let state = page.card.state;
    let valid = state == TicketState::Valid;
    let title = match state {
        TicketState::Valid => t::held_title(l),
        TicketState::Replaced => t::held_gone(l),
        TicketState::Cancelled => checkout::ticket_cancelled(l),
    };
    let secret = page.secret;
    let here = format!("/tickets/{secret}");
    let shown = here.clone();
    let passing = page.ticket.map(|ticket| {
        // It is shown at the door more often than it is given away.
        let touched =
            ticket.pending.is_some() || tried::<OfferTicket>() || tried::<TakeOfferBack>();
        let inside = one(l, &secret, ticket, t::accept_money(l));
        view! {
            <div class="no-print">
                <Disclosure label=t::open(l) open=touched>
                    <p>{t::lead(l)}</p>
                    {inside}
                </Disclosure>
            </div>
        }
    });
    let calendar = format!("/e/{}/calendar.ics", page.event.slug);
    let (organizer, contact) = (
        page.event.organizer.clone(),
        page.event.organizer_email.clone(),
    );
    let write_to = mailto(&contact);
    let news = news(l, page.event.phase);
    view! {
        <Title text=title/>
        <Meta name="robots" content="noindex"/>
        <Meta name="referrer" content="same-origin"/>
        <Container size=ContainerSize::Narrow>
            <header class="order-head no-print">
                <h1 class="page-title">{title}</h1>
                {(state == TicketState::Replaced).then(|| view! { <p class="lead">{t::held_gone_text(l)}</p> })}
                {news}
                {page
                    .blocked
                    .then(|| {
                        view! {
                            <Notice tone=Tone::Warning title=disputes::order_blocked_title(l)>
                                <p>{t::held_blocked(l)}</p>
                            </Notice>
                        }
                    })}
                {valid
                    .then(|| {
                        view! {
                            <div class="btn-row">
                                <ShowAtDoor page=shown/>
                                {page
                                    .online_url
                                    .map(|url| {
                                        view! { <LinkButton href=url external=true>{checkout::join(l)}</LinkButton> }
                                    })}
                                <LinkButton href=calendar kind=ButtonKind::Secondary external=true>
                                    {checkout::calendar(l)}
                                </LinkButton>
                            </div>
                        }
                    })}
            </header>
            <div class="held-ticket">
                <Ticket event=page.event ticket=page.card/>
            </div>
            <div class="order-parts">
                {valid.then(|| view! { <p class="buy-note no-print">{t::held_keep(l)}</p> })}
                <KeptHere page=here admits=valid/>
                {passing}
                <p class="buy-note no-print">
                    {checkout::contact(l, organizer)} " " <a class="text-link" href=write_to><bdi>{contact}</bdi></a>
                </p>
            </div>
        </Container>
    }
}

/// What is out of the ordinary about the event.
fn news(l: Locale, phase: Phase) -> Option<AnyView> {
    let (tone, title, text) = match phase {
        Phase::Cancelled => (
            Tone::Error,
            checkout::event_cancelled_title(l),
            t::held_cancelled(l),
        ),
        Phase::Postponed => (
            Tone::Warning,
            checkout::event_postponed_title(l),
            t::held_postponed(l),
        ),
        Phase::Draft | Phase::Upcoming | Phase::Running | Phase::Ended => return None,
    };
    Some(view! { <Notice tone title=title>{text}</Notice> }.into_any())
}

/// Whether the page came back from this form, which then stays unfolded with its answer.
fn tried<S: ServerFn>() -> bool {
    let form = FormState::new::<S>();
    form.failed() || form.done()
}
