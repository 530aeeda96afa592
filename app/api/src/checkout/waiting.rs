//! The waiting room before a sale: coming in, looking where one stands, going on elsewhere.

use domain::waiting_room::Board;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::{ApiError, store::EventView, values::Moment};

/// A room as somebody sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitingView {
    pub slug: String,
    pub title: String,
    pub board: Board,
    pub room_opens: Option<Moment>,
    pub sale_opens: Option<Moment>,
    /// Whether one can come in now.
    pub takes: bool,
    /// Whether the event is over, called off or postponed.
    pub over: bool,
    /// What the visitor holds: their number, and how it is shown.
    pub place: Option<PlaceView>,
    /// Seconds since the epoch by the server's clock.
    pub now: i64,
    /// What can be chosen, when it is their turn.
    pub event: Option<EventView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    pub number: u64,
    pub text: String,
    /// Absolute, for another device.
    pub link: String,
}

/// The room of an event; with a place, and when its turn has come, what can be chosen. Whoever has a place already is led
/// to it, and where there is no room, to the event; a promo code goes along.
#[server(input = GetUrl)]
pub async fn waiting_page(
    slug: String,
    #[server(default)] place: String,
    #[server(default)] code: String,
) -> Result<WaitingView, ApiError> {
    use domain::waiting_room::Standing;
    use services::waiting_room;
    let ctx = crate::ctx()?;
    let sv = &ctx.services;
    let room = waiting_room::board(sv, &slug)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let stands = room.board.on || room.is_over();
    if !stands {
        crate::context::redirect(&crate::path::event(&slug, &code));
    }
    let number = room.number(sv, &place);
    if !place.is_empty() && number.is_none() {
        return Err(ApiError::gone("waiting_place_over"));
    }
    let known = crate::context::place(&ctx, &slug);
    let is_known = |known: &&str| stands && number.is_none() && room.number(sv, known).is_some();
    if let Some(known) = known.as_deref().filter(is_known) {
        crate::context::redirect(&crate::path::waiting(&slug, Some(known), &code));
    }
    if number.is_some() {
        crate::context::keep_place(&ctx, &slug, &place)?;
    }
    let is_in = number.is_some_and(|number| room.board.standing(number) == Standing::In);
    let event = if is_in && !room.is_over() {
        crate::context::begin_view(&ctx)?;
        let page = services::catalog::show(sv, &slug, None).await?;
        page.map(|page| crate::store::event_view(sv, page))
    } else {
        None
    };
    let zone = room.time_zone.as_str();
    Ok(WaitingView {
        room_opens: room.board.room_opens().map(|at| Moment::new(at, zone)),
        sale_opens: room.board.sale_opens.map(|at| Moment::new(at, zone)),
        takes: room.takes(sv.now()),
        over: room.is_over(),
        place: number.map(|number| PlaceView {
            number,
            link: format!(
                "{}{}",
                sv.settings.public_url,
                crate::path::waiting(&slug, Some(&place), "")
            ),
            text: place,
        }),
        now: sv.now().as_second(),
        title: room.title.clone(),
        board: room.board.clone(),
        slug,
        event,
    })
}

/// Comes in, or finds one's place again. A promo code goes along.
#[server]
pub async fn join_waiting_room(
    event: String,
    #[server(default)] code: String,
) -> Result<(), ApiError> {
    use services::waiting_room::{self, JoinError};
    let ctx = crate::ctx()?;
    let known = crate::context::place(&ctx, &event);
    match waiting_room::join(&ctx.services, &event, known.as_deref(), ctx.request.client).await {
        Ok((_, place)) => {
            crate::context::keep_place(&ctx, &event, &place)?;
            crate::context::redirect(&crate::path::waiting(&event, Some(&place), &code));
            Ok(())
        }
        Err(JoinError::NotFound) => Err(ApiError::not_found()),
        Err(JoinError::NotOpen) => {
            crate::context::redirect(&crate::path::event(&event, &code));
            Ok(())
        }
        Err(JoinError::TooEarly { .. }) => {
            crate::context::redirect(&crate::path::waiting(&event, None, &code));
            Ok(())
        }
        Err(JoinError::TooMany { retry_after }) => Err(ApiError::too_many(retry_after)),
        Err(JoinError::Unexpected(e)) => Err(e.into()),
    }
}

/// Sends the link of a place, with the promo code that is to be used there.
#[server]
pub async fn send_waiting_place(
    event: String,
    place: String,
    #[server(default)] email: String,
    #[server(default)] code: String,
) -> Result<(), ApiError> {
    use services::waiting_room::{self, SendPlaceError};
    let ctx = crate::ctx()?;
    let locale = ctx.request.locale;
    let at = (event.as_str(), place.as_str());
    match waiting_room::send_place(&ctx.services, at, &email, &code, locale).await {
        Ok(()) => Ok(()),
        Err(SendPlaceError::NotFound) => Err(ApiError::gone("waiting_place_over")),
        Err(SendPlaceError::TooMany { retry_after }) => Err(ApiError::too_many(retry_after)),
        Err(SendPlaceError::Fields(fields)) => Err(fields.into()),
        Err(SendPlaceError::Unexpected(e)) => Err(e.into()),
    }
}
