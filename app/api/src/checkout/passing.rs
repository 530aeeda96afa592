//! Tickets that change hands: offering one, taking the offer back, answering it, and the page of a ticket that was passed
//! on. The right is the secret in the address.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::passing_views::{AcceptView, HeldView, PassOnView};
use crate::ApiError;

/// The tickets of an order that its buyer may pass on.
#[server(input = GetUrl)]
pub async fn pass_on_page(secret: String) -> Result<PassOnView, ApiError> {
    let sv = crate::ctx()?.services;
    let order = services::orders::show_by_secret(&sv, &secret)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let tickets = services::passing::passable(&sv, &secret)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let zone = order.event.time_zone.clone();
    Ok(PassOnView {
        secret,
        code: order.code.to_string(),
        title: order.event.title,
        tickets: tickets
            .into_iter()
            .map(|ticket| make::ticket(ticket, &zone))
            .collect(),
    })
}

/// What somebody is offered.
#[server(input = GetUrl)]
pub async fn accept_page(secret: String) -> Result<AcceptView, ApiError> {
    let ctx = crate::ctx()?;
    let offer = services::passing::offered(&ctx.services, &secret, ctx.request.locale)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(make::offer(&ctx.services, secret, offer))
}

/// A ticket, for whoever it was passed on to.
#[server(input = GetUrl)]
pub async fn held_page(secret: String) -> Result<HeldView, ApiError> {
    let sv = crate::ctx()?.services;
    let held = services::passing::held(&sv, &secret)
        .await?
        .ok_or_else(ApiError::not_found)?;
    make::held(&sv, secret, held)
}

/// Offers a ticket to somebody, who gets a mail.
#[server]
pub async fn offer_ticket(
    secret: String,
    ticket: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
) -> Result<(), ApiError> {
    use services::passing::{self, OfferError, OfferTicket};
    let ctx = crate::ctx()?;
    let cmd = OfferTicket {
        secret,
        ticket: ticket.parse().map_err(|_| ApiError::not_found())?,
        name,
        email,
        locale: ctx.request.locale,
        client: ctx.request.household(),
    };
    match passing::offer(&ctx.services, cmd).await {
        Ok(()) => Ok(()),
        Err(OfferError::NotFound) => Err(ApiError::not_found()),
        Err(OfferError::Fields(fields)) => Err(fields.into()),
        Err(OfferError::TooMany(many)) => Err(ApiError::too_many(many.retry_after)),
        Err(OfferError::Unexpected(e)) => Err(e.into()),
        Err(e) => Err(ApiError::conflict(e.code())),
    }
}

/// Takes an offer back that nobody accepted yet.
#[server]
pub async fn take_offer_back(secret: String, offer: String) -> Result<(), ApiError> {
    use services::passing::{self, TakeBackError};
    let sv = crate::ctx()?.services;
    let offer = offer.parse().map_err(|_| ApiError::not_found())?;
    match passing::take_back(&sv, &secret, offer).await {
        Ok(()) => Ok(()),
        Err(TakeBackError::NotFound) => Err(ApiError::not_found()),
        Err(TakeBackError::Unexpected(e)) => Err(e.into()),
        Err(e) => Err(ApiError::conflict(e.code())),
    }
}

/// Accepts an offer and goes to the ticket.
#[server]
pub async fn accept_ticket(secret: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let accepted = services::passing::accept(&ctx.services, &secret, ctx.request.locale).await;
    let ticket = accepted.map_err(make::refused)?;
    crate::context::redirect(&format!("/tickets/{ticket}"));
    Ok(())
}

/// Says no to an offer.
#[server]
pub async fn decline_ticket(secret: String) -> Result<(), ApiError> {
    let sv = crate::ctx()?.services;
    let declined = services::passing::decline(&sv, &secret).await;
    declined.map_err(make::refused)
}

#[cfg(feature = "ssr")]
pub(super) mod make {
    use domain::{orders::PassingRefusal, tickets::TicketState};
    use services::{
        Services,
        passes::PassLinks,
        passing::{AcceptError, GivenTicket, HeldTicket, OfferState, OfferView, PassableTicket},
        qr,
    };

    use crate::{
        ApiError,
        checkout::{
            EventBrief, TicketView,
            passing_views::{AcceptView, GivenTicketView, HeldView, PassTicketView, PendingView},
        },
        values::Moment,
    };

    pub(super) fn refused(error: AcceptError) -> ApiError {
        match error {
            AcceptError::NotFound => ApiError::not_found(),
            AcceptError::Unexpected(e) => e.into(),
            e => ApiError::conflict(e.code()),
        }
    }

    pub(super) fn ticket(ticket: PassableTicket, zone: &str) -> PassTicketView {
        PassTicketView {
            id: ticket.id.to_string(),
            type_name: ticket.type_name,
            holder: ticket.holder,
            why_not: ticket.why_not.map(|why| why.code().to_owned()),
            pending: ticket.pending.map(|offer| PendingView {
                id: offer.id.to_string(),
                name: offer.name,
                email: offer.email,
                until: Moment::new(offer.expires_at, zone),
            }),
            until: Moment::new(ticket.open_until, zone),
            hands_left: ticket.hands_left,
        }
    }

    pub(super) fn offer(sv: &Services, secret: String, offer: OfferView) -> AcceptView {
        let why_not = match offer.state {
            OfferState::Open => None,
            OfferState::Accepted => Some(AcceptError::Accepted.code()),
            OfferState::Declined => Some(AcceptError::Declined.code()),
            OfferState::TakenBack => Some(AcceptError::TakenBack.code()),
            OfferState::Expired => Some(AcceptError::Expired.code()),
            OfferState::Refused(why) => Some(PassingRefusal::code(why)),
        };
        AcceptView {
            secret,
            until: Moment::new(offer.expires_at, &offer.event.time_zone),
            event: EventBrief::new(sv, &offer.event),
            type_name: offer.type_name,
            giver: offer.giver,
            recipient: offer.recipient,
            why_not: why_not.map(str::to_owned),
        }
    }

    pub(super) fn held(
        sv: &Services,
        secret: String,
        held: HeldTicket,
    ) -> Result<HeldView, ApiError> {
        let zone = held.event.time_zone.clone();
        let admits = held.code.is_some();
        let qr = held.code.as_deref().map(qr::svg).transpose();
        let online_url =
            Some(held.event.online_url.clone()).filter(|url| admits && !url.is_empty());
        let passes = if admits {
            PassLinks::of_holder(sv, &secret)
        } else {
            PassLinks::default()
        };
        Ok(HeldView {
            secret,
            online_url,
            card: TicketView {
                id: held.ticket.id.to_string(),
                type_name: held.ticket.type_name.clone(),
                holder: held.ticket.holder.clone(),
                state: held.state,
                passed_on: held.state == TicketState::Replaced,
                offered_to: None,
                may_pass_on: false,
                qr: qr.map_err(ApiError::from)?,
                admitted: held.admitted_at.map(|at| Moment::new(at, &zone)),
                apple_pass: passes.apple,
                google_pass: passes.google,
            },
            blocked: held.blocked && held.state == TicketState::Valid,
            ticket: (held.state == TicketState::Valid).then(|| ticket(held.ticket, &zone)),
            event: EventBrief::new(sv, &held.event),
        })
    }

    pub(crate) fn given(ticket: GivenTicket) -> GivenTicketView {
        let place = [ticket.venue, ticket.city];
        let place: Vec<String> = place.into_iter().filter(|part| !part.is_empty()).collect();
        GivenTicketView {
            secret: ticket.secret,
            state: ticket.state,
            ticket_type: ticket.ticket_type,
            event: ticket.event_title,
            place: place.join(", "),
            starts: Moment::new(ticket.starts_at, &ticket.time_zone),
        }
    }
}
