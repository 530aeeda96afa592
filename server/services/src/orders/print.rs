//! The tickets of an order in one file, for paper and for phones without a net.

use documents::{Ticket, Tickets};
use domain::{catalog::Attendance, tickets::TicketState};
use jiff::tz::TimeZone;
use locales::{Locale, dates, store};

use super::{OrderView, show_by_secret};
use crate::{Services, Unexpected, checkout::EventSummary, qr, zone};

/// A file to be taken away.
#[derive(Debug, Clone)]
pub struct PrintedTickets {
    /// The order's code.
    pub order: String,
    pub pdf: Vec<u8>,
}

/// The tickets that admit, by the secret of their order and in the language of whoever asks; `None` when there is no such
/// order or no such ticket. Tickets that somebody else has are not among them.
pub async fn print_tickets(
    sv: &Services,
    secret: &str,
    l: Locale,
) -> Result<Option<PrintedTickets>, Unexpected> {
    let Some(order) = show_by_secret(sv, secret).await? else {
        return Ok(None);
    };
    let tickets = laid_out(l, &order)?;
    if tickets.tickets.is_empty() {
        return Ok(None);
    }
    // Letters are joined and fonts cut down, which takes milliseconds: not beside requests.
    let made = tokio::task::spawn_blocking(move || documents::tickets(&tickets)).await;
    let pdf = made
        .map_err(|e| Unexpected::new("print tickets", e))?
        .map_err(|e| Unexpected::new("print tickets", e))?;
    Ok(Some(PrintedTickets {
        order: order.code.to_string(),
        pdf,
    }))
}

fn laid_out(l: Locale, order: &OrderView) -> Result<Tickets, Unexpected> {
    let mut tickets = Vec::new();
    for (at, ticket) in order.tickets.iter().enumerate() {
        let valid = ticket.state == TicketState::Valid;
        let Some(code) = ticket.code.as_deref().filter(|_| valid) else {
            continue;
        };
        tickets.push(Ticket {
            number: at + 1,
            kind: ticket.type_name.clone(),
            holder: ticket.holder_name.clone(),
            code: qr::squares(code)?,
        });
    }
    Ok(Tickets {
        locale: l,
        title: order.event.title.clone(),
        when: when(l, &order.event),
        place: place(l, &order.event),
        organizer: order.event.organizer_name.clone(),
        organizer_email: order.event.organizer_email.clone(),
        order: order.code.to_string(),
        printed_on: TimeZone::UTC.to_datetime(order.now).date(),
        all: order.tickets.len(),
        tickets,
    })
}

/// On the clocks of the place; a zone that nobody knows is UTC.
pub(super) fn when(l: Locale, event: &EventSummary) -> String {
    let local = |at| zone::local(at, &event.time_zone).or_else(|_| zone::local(at, "UTC"));
    match (local(event.starts_at), local(event.ends_at)) {
        (Ok(from), Ok(until)) => dates::range(l, from.at, until.at, Some(&from.label)),
        _ => String::new(),
    }
}

pub(super) fn place(l: Locale, event: &EventSummary) -> String {
    match event.attendance {
        Attendance::Online => store::online(l).to_owned(),
        Attendance::InPerson => {
            let parts = [&event.venue_name, &event.venue_address, &event.venue_city];
            let parts: Vec<&str> = parts.into_iter().map(String::as_str).collect();
            let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            said.join(", ")
        }
    }
}
