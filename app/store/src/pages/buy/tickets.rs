//! The tickets themselves: one card each, on paper one page each.

use app_api::checkout::{EventBrief, TicketView};
use app_ui::{Badge, QrView, Tone, use_locale};
use domain::tickets::TicketState;
use leptos::prelude::*;
use locales::{checkout, dates, shell};

use super::summary::EventLines;

#[component]
pub fn Tickets(event: EventBrief, tickets: Vec<TicketView>, code: String) -> impl IntoView {
    let l = use_locale();
    let all = tickets.len();
    let cards = tickets
        .into_iter()
        .enumerate()
        .map(|(at, ticket)| {
            view! { <li><Ticket event=event.clone() ticket number=at + 1 all code=code.clone()/></li> }
        })
        .collect_view();
    view! {
        <section class="tickets-mine" aria-labelledby="my-tickets">
            <header class="section-header no-print">
                <h2 class="section-title" id="my-tickets">{checkout::tickets_title(l)}</h2>
                <p class="section-lead">{checkout::tickets_hint(l)}</p>
            </header>
            <ul class="ticket-grid" role="list">{cards}</ul>
            <p class="buy-note no-print">{checkout::print_hint(l)}</p>
        </section>
    }
}

#[component]
fn Ticket(
    event: EventBrief,
    ticket: TicketView,
    number: usize,
    all: usize,
    code: String,
) -> impl IntoView {
    let l = use_locale();
    let valid = ticket.state == TicketState::Valid;
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
                <h3 class="ticket-event" dir="auto">{event.title.clone()}</h3>
                <EventLines event/>
            </div>
            <div class="stub-part ticket-code">
                {qr}
                <div class="ticket-who">
                    <p class="ticket-holder" dir="auto">{ticket.holder}</p>
                    <p dir="auto">{ticket.type_name}</p>
                    {(!valid).then(|| view! { <Badge tone=Tone::Error>{checkout::ticket_cancelled(l)}</Badge> })}
                    {used.map(|used| view! { <Badge tone=Tone::Success>{used}</Badge> })}
                    <p class="ticket-small">
                        {checkout::ticket_of(l, all, number)} " · " <span dir="ltr">{code}</span>
                    </p>
                </div>
            </div>
        </article>
    }
}
