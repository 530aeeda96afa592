//! Tickets as they are shown at the door: the codes, and what somebody beside the queue wants to know. The same is kept on
//! the holder's device (docs/decisions/0012-tickets-offline.md), so it says nothing of money and of addresses.

use domain::{
    tickets::TicketState,
    when::{Timestamp, shift},
};
use jiff::SignedDuration;
use locales::{Locale, checkout as t, dates, disputes};

use super::{
    print::{place, when},
    show_by_secret,
};
use crate::{Services, Unexpected, checkout::EventSummary, passing, qr, zone};

/// So long after the end a copy may stay on a device: events run late, and people look their seats up on the way home.
const KEPT_AFTER: SignedDuration = SignedDuration::from_hours(48);

/// Everything that one secret opens, in the words of whoever asks.
#[derive(Debug, Clone)]
pub struct AtDoor {
    pub title: String,
    pub when: String,
    pub place: String,
    /// The order's code; nothing for those who only have a ticket of it.
    pub order: Option<String>,
    /// How many tickets the order has.
    pub all: usize,
    pub tickets: Vec<DoorTicket>,
    /// When this was true, on the clocks of the place.
    pub seen: String,
    /// After that no copy is kept.
    pub keep_until: Timestamp,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct DoorTicket {
    /// Which of the order's tickets it is, from one.
    pub number: usize,
    pub kind: String,
    pub holder: String,
    /// A drawing of the code; only while it admits.
    pub qr: Option<String>,
    /// What is out of the ordinary about it.
    pub note: Option<String>,
}

/// By the secret of an order: the tickets that its buyer has. `None` when there are none.
pub async fn at_door(sv: &Services, secret: &str, l: Locale) -> Result<Option<AtDoor>, Unexpected> {
    let Some(order) = show_by_secret(sv, secret).await? else {
        return Ok(None);
    };
    let mut tickets = Vec::new();
    for (at, ticket) in order.tickets.iter().enumerate() {
        if ticket.passed_on > 0 {
            continue;
        }
        let void = ticket.state != TicketState::Valid;
        tickets.push(DoorTicket {
            number: at + 1,
            kind: ticket.type_name.clone(),
            holder: ticket.holder_name.clone(),
            qr: ticket.code.as_deref().map(qr::svg).transpose()?,
            note: note(l, &order.event, void, order.blocked, ticket.admitted_at),
        });
    }
    let all = order.tickets.len();
    let code = Some(order.code.to_string());
    Ok(made(sv, l, &order.event, code, all, tickets))
}

/// By the secret of a ticket that was passed on.
pub async fn held_at_door(
    sv: &Services,
    secret: &str,
    l: Locale,
) -> Result<Option<AtDoor>, Unexpected> {
    let Some(held) = passing::held(sv, secret).await? else {
        return Ok(None);
    };
    let void = held.state != TicketState::Valid;
    let ticket = DoorTicket {
        number: 1,
        kind: held.ticket.type_name,
        holder: held.ticket.holder,
        qr: held.code.as_deref().map(qr::svg).transpose()?,
        note: note(l, &held.event, void, held.blocked, held.admitted_at),
    };
    Ok(made(sv, l, &held.event, None, 1, vec![ticket]))
}

fn made(
    sv: &Services,
    l: Locale,
    event: &EventSummary,
    order: Option<String>,
    all: usize,
    tickets: Vec<DoorTicket>,
) -> Option<AtDoor> {
    (!tickets.is_empty()).then(|| AtDoor {
        title: event.title.clone(),
        when: when(l, event),
        place: place(l, event),
        order,
        all,
        tickets,
        seen: on_the_clock(l, event, sv.now()),
        keep_until: shift(event.ends_at, KEPT_AFTER),
    })
}

fn note(
    l: Locale,
    event: &EventSummary,
    void: bool,
    blocked: bool,
    admitted: Option<Timestamp>,
) -> Option<String> {
    if void {
        Some(t::ticket_cancelled(l).to_owned())
    } else if blocked {
        Some(disputes::order_blocked_title(l).to_owned())
    } else {
        admitted.map(|at| t::ticket_used(l, on_the_clock(l, event, at)))
    }
}

/// With the zone's name: the reader may be elsewhere by now.
fn on_the_clock(l: Locale, event: &EventSummary, at: Timestamp) -> String {
    zone::local(at, &event.time_zone)
        .or_else(|_| zone::local(at, "UTC"))
        .map(|local| dates::short(l, local.at, Some(&local.label)))
        .unwrap_or_default()
}
