//! What pages show of tickets that change hands.

use domain::{ids::TicketId, orders::PassingRefusal, tickets::TicketState, when::Timestamp};
use locales::Locale;
use uuid::Uuid;

use super::{
    name_for_strangers,
    offers::{self, Offer},
    queries::{self, Ticket},
};
use crate::{
    Services, Unexpected,
    checkout::{EventSummary, summary},
    db::{Scope, Tx},
    rows::coded,
};

/// Where an offer stands for whoever opens its link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferState {
    Open,
    Accepted,
    Declined,
    TakenBack,
    Expired,
    /// Why the ticket cannot change hands after all.
    Refused(PassingRefusal),
}

/// An offer, for its recipient.
#[derive(Debug, Clone)]
pub struct OfferView {
    pub state: OfferState,
    pub event: EventSummary,
    pub type_name: String,
    /// Never an address: "Somebody" instead.
    pub giver: String,
    pub recipient: String,
    pub expires_at: Timestamp,
}

/// A ticket that may be passed on, for whoever has it.
#[derive(Debug, Clone)]
pub struct PassableTicket {
    pub id: TicketId,
    pub type_name: String,
    pub holder: String,
    /// Offered to somebody who did not answer yet.
    pub pending: Option<PendingOffer>,
    /// Why it stays where it is.
    pub why_not: Option<PassingRefusal>,
    /// Until when an offer made now could be accepted.
    pub open_until: Timestamp,
    /// How often it may change hands once it was accepted.
    pub hands_left: u16,
}

#[derive(Debug, Clone)]
pub struct PendingOffer {
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub expires_at: Timestamp,
}

/// A ticket that was passed on, for its holder. Of the order it shows nothing.
#[derive(Debug, Clone)]
pub struct HeldTicket {
    pub event: EventSummary,
    pub ticket: PassableTicket,
    /// The text of the QR code; only while the ticket admits.
    pub code: Option<String>,
    pub state: TicketState,
    /// It does not admit until a dispute is decided.
    pub blocked: bool,
    pub admitted_at: Option<Timestamp>,
}

/// The offer behind a link; `None` when the secret names none.
pub async fn offered(
    sv: &Services,
    secret: &str,
    locale: Locale,
) -> Result<Option<OfferView>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some(offer) = offers::by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(offer.organization).await?;
    let found =
        queries::tickets(&mut tx, offer.organization, offer.order, Some(offer.ticket)).await?;
    let Some(ticket) = found.into_iter().next() else {
        return Ok(None);
    };
    let Some(event) = summary(&mut tx, offer.organization, ticket.event).await? else {
        return Ok(None);
    };
    tx.commit().await?;
    Ok(Some(OfferView {
        state: state(sv, &offer, &ticket),
        event,
        giver: name_for_strangers(locale, ticket.giver().0).to_owned(),
        type_name: ticket.type_name,
        recipient: offer.name,
        expires_at: offer.expires_at,
    }))
}

fn state(sv: &Services, offer: &Offer, ticket: &Ticket) -> OfferState {
    let now = sv.now();
    match offer.state.as_str() {
        "accepted" => OfferState::Accepted,
        "declined" => OfferState::Declined,
        "expired" => OfferState::Expired,
        "pending" if offer.expires_at <= now => OfferState::Expired,
        "pending" => ticket
            .check(now)
            .map_or_else(OfferState::Refused, |()| OfferState::Open),
        _ => OfferState::TakenBack,
    }
}

/// The valid tickets that the secret of an order or of a ticket may pass on; `None` when it opens nothing.
pub async fn passable(
    sv: &Services,
    secret: &str,
) -> Result<Option<Vec<PassableTicket>>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some(right) = queries::right(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(right.organization).await?;
    let all = queries::tickets(&mut tx, right.organization, right.order, right.only).await?;
    let pending = offers::pending(&mut tx, right.organization, right.order).await?;
    tx.commit().await?;
    Ok(Some(
        all.into_iter()
            .filter(|ticket| right.reaches(ticket) && ticket.passing.valid)
            .map(|ticket| shown(sv, &ticket, &pending))
            .collect(),
    ))
}

fn shown(sv: &Services, ticket: &Ticket, pending: &[Offer]) -> PassableTicket {
    let now = sv.now();
    let offer = pending
        .iter()
        .find(|offer| offer.ticket == ticket.id && offer.expires_at > now);
    PassableTicket {
        id: ticket.id,
        type_name: ticket.type_name.clone(),
        holder: ticket.holder_name.clone(),
        pending: offer.map(|offer| PendingOffer {
            id: offer.id,
            name: offer.name.clone(),
            email: offer.email.clone(),
            expires_at: offer.expires_at,
        }),
        why_not: ticket.check(now).err(),
        open_until: ticket.policy.open_until(ticket.starts_at, now),
        hands_left: ticket
            .policy
            .hands_left(ticket.passing.passed_on)
            .saturating_sub(1),
    }
}

/// A ticket by the secret in its holder's link; `None` when it names none.
pub async fn held(sv: &Services, secret: &str) -> Result<Option<HeldTicket>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((right, only)) = queries::right(&mut tx, secret)
        .await?
        .and_then(|right| Some((right, right.only?)))
    else {
        return Ok(None);
    };
    tx.narrow(right.organization).await?;
    let ticket = one(&mut tx, &right, only).await?;
    let pending = offers::pending(&mut tx, right.organization, right.order).await?;
    let Some(event) = summary(&mut tx, right.organization, ticket.event).await? else {
        return Ok(None);
    };
    tx.commit().await?;
    let (valid, blocked) = (ticket.passing.valid, ticket.passing.blocked);
    Ok(Some(HeldTicket {
        event,
        ticket: shown(sv, &ticket, &pending),
        code: Some(ticket.code.clone()).filter(|_| valid && !blocked),
        state: match coded("tickets", ticket.id, &ticket.state)? {
            // Its order or its event is over, and the tickets follow.
            TicketState::Valid if !valid => TicketState::Cancelled,
            state => state,
        },
        blocked,
        admitted_at: ticket.admitted_at,
    }))
}

async fn one(tx: &mut Tx, right: &queries::Right, id: TicketId) -> Result<Ticket, Unexpected> {
    let found = queries::tickets(tx, right.organization, right.order, Some(id)).await?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| Unexpected::bad_row("handovers", id, "without its ticket"))
}
