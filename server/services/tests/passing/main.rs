//! Tickets go over to other people.
#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod brakes;
mod door;
mod ends;
mod organizer;
mod paper;
mod people;
mod races;
mod rules;

use domain::{ids::TicketId, tickets::TicketState};
use locales::Locale;
use services::{
    checkout::Placed,
    orders::{self, OrderView},
    passing::{self, OfferError, OfferTicket},
};
use testkit::{Event, World};

/// An order of so many tickets for 15.05 each, in a week.
pub async fn sold(w: &World, quantity: u16) -> (Event, Placed) {
    let event = w
        .event("Demo")
        .refunds(&[(1, 100)])
        .ticket_type("Seat", 1505, 30)
        .per_order(1, 20)
        .published()
        .await;
    let placed = w.buyer("Ada").buys(&event, "Seat", quantity).await.unwrap();
    w.settle().await;
    (event, placed)
}

pub async fn order(w: &World, placed: &Placed) -> OrderView {
    let order = orders::show_by_secret(&w.sv, &placed.secret).await;
    order.unwrap().unwrap()
}

pub fn ask(secret: &str, ticket: TicketId, email: &str) -> OfferTicket {
    OfferTicket {
        secret: secret.to_owned(),
        ticket,
        name: "Bo Berg".into(),
        email: email.to_owned(),
        locale: Locale::En,
        client: "10.0.0.1".into(),
    }
}

/// Offers the first ticket that the secret reaches.
pub async fn offer(w: &World, secret: &str, email: &str) -> Result<(), OfferError> {
    let all = passing::passable(&w.sv, secret).await.unwrap().unwrap();
    let first = all.first().ok_or(OfferError::NotFound)?.id;
    passing::offer(&w.sv, ask(secret, first, email)).await
}

/// The secret after this path in the newest mail to an address.
pub async fn link(w: &World, email: &str, path: &str) -> String {
    w.settle().await;
    let mails = w.mailer.to(email);
    let text = &mails.last().unwrap().text;
    let at = text.find(path).unwrap() + path.len();
    let secret = text[at..].chars();
    secret.take_while(char::is_ascii_alphanumeric).collect()
}

/// Offers and accepts; gives the secret of the new ticket.
pub async fn give(w: &World, secret: &str, email: &str) -> String {
    offer(w, secret, email).await.unwrap();
    let offered = link(w, email, "/accept/").await;
    let ticket = passing::accept(&w.sv, &offered, Locale::En).await;
    w.settle().await;
    ticket.unwrap()
}

pub async fn held(w: &World, secret: &str) -> passing::HeldTicket {
    passing::held(&w.sv, secret).await.unwrap().unwrap()
}

/// How many of the order's tickets admit.
pub async fn valid(w: &World, placed: &Placed) -> usize {
    let order = order(w, placed).await;
    let valid = |ticket: &&orders::TicketView| ticket.state == TicketState::Valid;
    order.tickets.iter().filter(valid).count()
}

/// Whether somebody was told this.
pub fn told(w: &World, email: &str, subject: &str) -> bool {
    w.mailer
        .to(email)
        .iter()
        .any(|mail| mail.subject == subject)
}
