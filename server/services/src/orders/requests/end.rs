//! A request ends without becoming an order: its places are free again, and a card is let go of.

use domain::{
    ids::{OrderId, OrganizationId},
    orders::{Decision, OrderState, OrderTransitionError},
};

use super::stored;
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::RequestNews,
    orders::{Order, lock, queries, void},
    outbox::{self, Announcement},
};

/// Ends a locked order that waits for the organizer. The caller saves it, and lets go of the card once that is committed
/// (`payments::settle_holds`).
pub(crate) async fn end_request(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    decision: Decision,
    reason: &str,
) -> Result<(), EndRequestError> {
    end(sv, tx, order, decision, reason).await?;
    let said = Announcement::Request {
        order: order.id.get(),
        news: match decision {
            Decision::Lapsed => RequestNews::Lapsed,
            Decision::Withdrawn => RequestNews::Withdrawn,
            Decision::Declined | Decision::Approved => RequestNews::Declined,
        },
    };
    outbox::append(sv, tx, order.organization, &said).await?;
    Ok(())
}

/// Takes back what somebody asks for who is about to be forgotten: nobody is told, for nobody will be there.
pub(crate) async fn withdraw_all(
    sv: &Services,
    tx: &mut Tx,
    buyer_key: &str,
) -> Result<(), Unexpected> {
    let rows = sqlx::query!(
        "select id, organization_id from orders where buyer_key = $1 and state = 'asked' order by id",
        buyer_key
    )
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let organization = OrganizationId::new(row.organization_id);
        queries::lock_payments(tx, organization, &[row.id]).await?;
        let order = lock(tx, organization, OrderId::new(row.id)).await?;
        // Somebody may have decided meanwhile.
        let Some(mut order) = order.filter(|order| order.state == OrderState::Asked) else {
            continue;
        };
        match end(sv, tx, &mut order, Decision::Withdrawn, "").await {
            Ok(()) => queries::save(tx, &order).await?,
            Err(EndRequestError::Transition(_)) => {}
            Err(EndRequestError::Unexpected(e)) => return Err(e),
        }
    }
    Ok(())
}

async fn end(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    decision: Decision,
    reason: &str,
) -> Result<(), EndRequestError> {
    let now = sv.now();
    let after = match decision {
        Decision::Lapsed => order.state.lapse()?,
        Decision::Withdrawn | Decision::Declined | Decision::Approved => order.state.decline()?,
    };
    stored::set_decision(tx, order, (decision, after), now).await?;
    void::let_go(sv, tx, order).await?;
    if decision == Decision::Lapsed {
        // From here on it tells when the time was over.
        order.expires_at = Some(now);
    } else {
        order.cancelled_at = Some(now);
        order.cancel_reason = reason.to_owned();
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum EndRequestError {
    /// It does not wait for the organizer.
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}
