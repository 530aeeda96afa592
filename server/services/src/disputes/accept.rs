//! The organizer gives a dispute up: the money stays with the buyer.

use domain::ids::DisputeId;

use super::answer::{self, AnswerDisputeError};
use crate::{
    Services,
    payments::dispute_news,
    permit::{ManagePayouts, Permit},
};

/// The same can go wrong as with an answer.
pub type AcceptDisputeError = AnswerDisputeError;

/// For good: the provider takes no evidence afterwards.
#[tracing::instrument(skip_all, fields(dispute.id = %id))]
pub async fn accept(
    sv: &Services,
    permit: &Permit<ManagePayouts>,
    id: DisputeId,
) -> Result<(), AcceptDisputeError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let reference = answer::lock_open(sv, &mut tx, permit, id).await?;
    tx.commit().await?;
    let known = sv.payments.accept_dispute(&reference).await?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    answer::done(sv, &mut tx, permit, (id, "accepted"), "dispute.accept").await?;
    tx.commit().await?;
    dispute_news::take_in(sv, &known).await?;
    Ok(())
}
