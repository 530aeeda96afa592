//! The tickets themselves: one card each, on paper one page each.

use app_api::checkout::{EventBrief, TicketView};
use app_ui::{Badge, ButtonKind, LinkButton, QrView, Tone, use_locale};
use domain::tickets::TicketState;
use leptos::prelude::*;
use locales::{Locale, checkout, dates, passes, passing, shell};

use super::{
    kept::{KeptHere, ShowAtDoor},
    summary::EventLines,
};

#[component]
pub fn Tickets(
    event: EventBrief,
    tickets: Vec<TicketView>,
    code: String,
    secret: String,
) -> impl IntoView {
    let l = use_locale();
    let all = tickets.len();
    let page = format!("/orders/{secret}");
    let (shown, file) = (page.clone(), format!("{page}/tickets.pdf"));
    let any = tickets
        .iter()
        .any(|ticket| ticket.state == TicketState::Valid && ticket.qr.is_some());
    let cards = tickets
        .into_iter()
        .enumerate()
        .map(|(at, ticket)| {
            let of = Place {
                number: at + 1,
                all,
                code: code.clone(),
                secret: secret.clone(),
            };
            view! { <li><Ticket event=event.clone() ticket of/></li> }
        })
        .collect_view();
    view! {
        <section class="tickets-mine" aria-labelledby="my-tickets">
            <header class="section-header no-print">
                <h2 class="section-title" id="my-tickets">{checkout::tickets_title(l)}</h2>
                <p class="section-lead">{checkout::tickets_hint(l)}</p>
            </header>
            <ul class="ticket-grid" role="list">{cards}</ul>
            {any.then(|| {
                view! {
                    <div class="btn-row no-print">
                        <ShowAtDoor page=shown/>
                        <LinkButton href=file kind=ButtonKind::Secondary external=true>{checkout::save_pdf(l)}</LinkButton>
                    </div>
                    <p class="buy-note no-print">{checkout::print_hint(l)}</p>
                }
            })}
            <KeptHere page admits=any/>
        </section>
    }
}

/// Which of an order's tickets it is.
pub struct Place {
    number: usize,
    all: usize,
    code: String,
    secret: String,
}

/// One card. Whoever has only the ticket is shown nothing of its order.
#[component]
pub fn Ticket(
    event: EventBrief,
    ticket: TicketView,
    #[prop(optional)] of: Option<Place>,
) -> impl IntoView {
    let l = use_locale();
    let title = event.title.clone();
    // Among others it stands below a heading for all of them; alone, the page's own is right above it.
    let heading = if of.is_some() {
        view! { <h3 class="ticket-event" dir="auto">{title}</h3> }.into_any()
    } else {
        view! { <h2 class="ticket-event" dir="auto">{title}</h2> }.into_any()
    };
    let pass_on = of.as_ref().and_then(|of| pass_on(l, &ticket, &of.secret));
    let number = of.map(|of| {
        view! {
            <p class="ticket-small">
                {checkout::ticket_of(l, of.all, of.number)} " · " <span dir="ltr">{of.code}</span>
            </p>
        }
    });
    let wallets = wallets(l, ticket.apple_pass, ticket.google_pass);
    let valid = ticket.state == TicketState::Valid;
    let passed_on = ticket.passed_on;
    let cancelled = ticket.state == TicketState::Cancelled;
    let used = ticket
        .admitted
        .map(|at| checkout::ticket_used(l, dates::short(l, at.at, None)));
    let qr = ticket.qr.map(|svg| {
        view! { <QrView svg label=checkout::ticket_code(l, &ticket.holder) large=true/> }
    });
    view! {
        <article class="ticket stub" class:ticket-void=!valid>
            <div class="stub-part ticket-main">
                <p class="ticket-brand" lang="en" aria-hidden="true">{shell::brand(l)}</p>
                {heading}
                <EventLines event/>
            </div>
            <div class="stub-part ticket-code">
                {qr}
                <div class="ticket-who">
                    <p class="ticket-holder" dir="auto">{ticket.holder}</p>
                    <p dir="auto">{ticket.type_name}</p>
                    {passed_on.then(|| view! { <Badge tone=Tone::Neutral>{passing::passed_on(l)}</Badge> })}
                    {cancelled
                        .then(|| view! { <Badge tone=Tone::Error>{checkout::ticket_cancelled(l)}</Badge> })}
                    {used.map(|used| view! { <Badge tone=Tone::Success>{used}</Badge> })}
                    {number}
                    {wallets}
                    {pass_on}
                </div>
            </div>
        </article>
    }
}

/// The way to give it to somebody else, and what came of that so far.
fn pass_on(l: Locale, ticket: &TicketView, secret: &str) -> Option<AnyView> {
    let href = format!("/orders/{secret}/pass-on?ticket={}", ticket.id);
    let link = match &ticket.offered_to {
        Some(name) => {
            let text = passing::offered_to(l, name);
            view! { {text} " " <a class="text-link" href=href>{passing::offered_see(l)}</a> }
                .into_any()
        }
        None if ticket.may_pass_on => {
            view! { <a class="text-link" href=href>{passing::open(l)}</a> }.into_any()
        }
        None => return None,
    };
    Some(view! { <p class="ticket-pass-on no-print">{link}</p> }.into_any())
}

/// For the wallets of phones, as far as they are set up.
fn wallets(l: Locale, apple: Option<String>, google: Option<String>) -> Option<AnyView> {
    if apple.is_none() && google.is_none() {
        return None;
    }
    let link = |href: Option<String>, text: &'static str| {
        href.map(|href| {
            view! { <LinkButton href kind=ButtonKind::Secondary small=true external=true>{text}</LinkButton> }
        })
    };
    Some(
        view! {
            <p class="ticket-wallets no-print">
                {link(apple, passes::apple(l))} {link(google, passes::google(l))}
            </p>
        }
        .into_any(),
    )
}
