//! What stands on a pass, whoever's wallet it is for.

use domain::{
    catalog::Attendance,
    ids::{EventId, TicketId},
    tickets::TicketState,
    when::{Timestamp, shift},
};
use jiff::{SignedDuration, tz::TimeZone};

use crate::{Services, Unexpected, checkout::EventSummary, orders, passing};

/// So long after the end of the event a pass counts as one of the past.
const PAST_AFTER: SignedDuration = SignedDuration::from_hours(12);

/// By which secret somebody has a ticket.
#[derive(Debug, Clone, Copy)]
pub enum Holder<'a> {
    /// The secret of an order, and one of its tickets.
    Buyer(&'a str, TicketId),
    /// The secret of a ticket that was passed on.
    Recipient(&'a str),
}

/// A ticket that admits.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    pub ticket: TicketId,
    pub event: EventId,
    /// Exactly what the code on pages and paper says.
    pub code: String,
    /// The order's, for its buyer.
    pub order: Option<String>,
    pub title: String,
    pub holder: String,
    pub kind: String,
    pub venue: String,
    pub address: String,
    pub online: bool,
    pub organizer: String,
    pub organizer_email: String,
    /// ISO 8601 with the offset of the place.
    pub starts: String,
    pub ends: String,
    pub past: String,
}

/// `None` when the secret opens no such ticket, or the ticket does not admit.
pub(super) async fn facts(sv: &Services, holder: Holder<'_>) -> Result<Option<Facts>, Unexpected> {
    match holder {
        Holder::Buyer(secret, id) => {
            let Some(order) = orders::show_by_secret(sv, secret).await? else {
                return Ok(None);
            };
            let number = order.code.to_string();
            let ticket = order.tickets.into_iter().find(|ticket| ticket.id == id);
            Ok(ticket
                .filter(|ticket| ticket.state == TicketState::Valid)
                .and_then(|ticket| {
                    let names = (ticket.holder_name, ticket.type_name);
                    Some(made(&order.event, id, ticket.code?, Some(number), names))
                }))
        }
        Holder::Recipient(secret) => {
            let Some(held) = passing::held(sv, secret).await? else {
                return Ok(None);
            };
            let ticket = held.ticket;
            let names = (ticket.holder, ticket.type_name);
            Ok(held
                .code
                .map(|code| made(&held.event, ticket.id, code, None, names)))
        }
    }
}

fn made(
    event: &EventSummary,
    ticket: TicketId,
    code: String,
    order: Option<String>,
    (holder, kind): (String, String),
) -> Facts {
    let at = |at| iso(at, &event.time_zone);
    let address = [&event.venue_address, &event.venue_city];
    let address: Vec<&str> = address
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    Facts {
        ticket,
        event: event.id,
        code,
        order,
        title: event.title.clone(),
        holder,
        kind,
        venue: event.venue_name.clone(),
        address: address.join(", "),
        online: event.attendance == Attendance::Online,
        organizer: event.organizer_name.clone(),
        organizer_email: event.organizer_email.clone(),
        starts: at(event.starts_at),
        ends: at(event.ends_at),
        past: at(shift(event.ends_at, PAST_AFTER)),
    }
}

/// To the second, as wallets read it. A zone that nobody knows is UTC.
fn iso(at: Timestamp, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let local = at.to_zoned(zone);
    local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_place() {
        let at = "2026-07-01T18:00:00.5Z".parse().unwrap();
        assert_eq!(iso(at, "Europe/Ljubljana"), "2026-07-01T20:00:00+02:00");
        assert_eq!(iso(at, "Asia/Kathmandu"), "2026-07-01T23:45:00+05:45");
        assert_eq!(iso(at, "Mars/Olympus"), "2026-07-01T18:00:00+00:00");
    }
}
