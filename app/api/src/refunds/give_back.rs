//! What a buyer decides about their tickets after an event was postponed or moved. Their right is the secret in the address.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::GiveBackView;
use crate::ApiError;

/// What there is to decide about the order behind a secret.
#[server(input = GetUrl)]
pub async fn give_back_page(secret: String) -> Result<GiveBackView, ApiError> {
    use services::orders::{OfferState, offer_page};

    use super::GiveBackStanding as Standing;
    use crate::values::Moment;
    let sv = crate::ctx()?.services;
    let page = offer_page(&sv, &secret)
        .await?
        .ok_or_else(ApiError::not_found)?;
    Ok(GiveBackView {
        secret,
        standing: match page.state {
            OfferState::Open => Standing::Open,
            OfferState::Over => Standing::Over,
            OfferState::GivenBack => Standing::GivenBack,
            OfferState::Inside => Standing::Inside,
            OfferState::Disputed => Standing::Disputed,
        },
        starts: Moment::new(page.starts_at, &page.time_zone),
        until: Moment::new(page.until, &page.time_zone),
        event_title: page.event_title,
        event_slug: page.event_slug,
        organizer: page.organizer,
        moved: page.moved,
        amount: page.amount,
        tickets: page.tickets,
        kept: page.kept,
    })
}

/// Keeps the tickets.
#[server]
pub async fn keep_tickets(secret: String) -> Result<(), ApiError> {
    server::answer(secret, None).await
}

/// Gives the tickets back. `amount_minor` is what the buyer saw would come back; another amount is asked about again.
#[server]
pub async fn give_back_tickets(
    secret: String,
    amount_minor: i64,
    currency: String,
) -> Result<(), ApiError> {
    let currency = currency
        .parse()
        .map_err(|_| ApiError::new(crate::ErrorKind::Invalid, "bad_request"))?;
    let amount = domain::money::Money::new(amount_minor, currency);
    server::answer(secret, Some(amount)).await
}

#[cfg(feature = "ssr")]
mod server {
    use domain::money::Money;
    use services::orders::{AnswerOffer, AnswerOfferError, answer_offer};

    use crate::ApiError;

    pub(super) async fn answer(secret: String, give_back: Option<Money>) -> Result<(), ApiError> {
        let sv = crate::ctx()?.services;
        match answer_offer(&sv, AnswerOffer { secret, give_back }).await {
            Ok(()) => Ok(()),
            Err(AnswerOfferError::NotFound) => Err(ApiError::not_found()),
            Err(AnswerOfferError::Unexpected(e)) => Err(e.into()),
            Err(e) => Err(ApiError::conflict(e.code())),
        }
    }
}
