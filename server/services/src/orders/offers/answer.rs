//! A buyer keeps their tickets, or gives them back.

use domain::{ids::RefundId, money::Money};

use super::page::{self, OfferState};
use crate::{
    Services, Unexpected,
    db::Scope,
    live,
    orders::{cancel, lock, queries},
    rows::at,
};

#[derive(Debug, Clone)]
pub struct AnswerOffer {
    pub secret: String,
    /// Give the tickets back, for the amount that was shown. `None`: keep them.
    pub give_back: Option<Money>,
}

#[derive(Debug, thiserror::Error)]
pub enum AnswerOfferError {
    #[error("no such order or offer")]
    NotFound,
    #[error("the time is over")]
    Over,
    #[error("the order has ended")]
    GivenBack,
    #[error("not possible: {0}")]
    NotPossible(&'static str),
    /// The way on: look at the new amount and accept it.
    #[error("another amount was accepted")]
    Changed,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl AnswerOfferError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Over => "offer_over",
            Self::GivenBack => "cancel_already_over",
            Self::NotPossible(why) => why,
            Self::Changed => "refund_changed",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Keeping can be changed into giving back as long as the offer is open; what was given back is gone. Twice does nothing
/// more.
pub async fn answer_offer(sv: &Services, cmd: AnswerOffer) -> Result<(), AnswerOfferError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let (id, organization) = queries::find_by_secret(&mut tx, &cmd.secret)
        .await?
        .ok_or(AnswerOfferError::NotFound)?;
    tx.narrow(organization).await?;
    queries::lock_payments(&mut tx, organization, &[id.get()]).await?;
    let mut order = lock(&mut tx, organization, id)
        .await?
        .ok_or(AnswerOfferError::NotFound)?;
    let offer = page::latest(&mut tx, &order)
        .await?
        .ok_or(AnswerOfferError::NotFound)?;
    let plan = page::plan(sv, &mut tx, &order, &offer).await?;
    match plan.state {
        OfferState::Open => {}
        OfferState::Over => return Err(AnswerOfferError::Over),
        OfferState::GivenBack => return Err(AnswerOfferError::GivenBack),
        OfferState::Inside => return Err(AnswerOfferError::NotPossible("cancel_already_inside")),
        OfferState::Disputed => return Err(AnswerOfferError::NotPossible("offer_disputed")),
    }
    let mut refund = None;
    if let Some(accepted) = cmd.give_back {
        if accepted != plan.amount {
            return Err(AnswerOfferError::Changed);
        }
        refund = cancel::call_off_and_refund_all(sv, &mut tx, &mut order, "", None)
            .await
            .map_err(|e| match e {
                cancel::CancelError::Unexpected(e) => AnswerOfferError::Unexpected(e),
                cancel::CancelError::NotFound | cancel::CancelError::Transition(_) => {
                    AnswerOfferError::GivenBack
                }
            })?;
        queries::save(&mut tx, &order).await?;
    }
    let answer = if cmd.give_back.is_some() {
        "give_back"
    } else {
        "keep"
    };
    sqlx::query!(
        r#"
        insert into give_back_answers (offer_id, order_id, organization_id, event_id, answer, refund_id, answered_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict on constraint give_back_answers_pkey
        do update set answer = excluded.answer, refund_id = excluded.refund_id, answered_at = excluded.answered_at
        "#,
        offer.id.get(),
        order.id.get(),
        organization.get(),
        order.event.get(),
        answer,
        refund.map(RefundId::get),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    live::announce(&mut tx, order.event).await?;
    tx.commit().await?;
    Ok(())
}
