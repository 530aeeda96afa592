//! A request ends without becoming an order: its places are free again, and a card is let go of.

use domain::orders::{Decision, OrderTransitionError};

use super::stored;
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::RequestNews,
    orders::{Order, void},
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
    let now = sv.now();
    let (after, news) = match decision {
        Decision::Lapsed => (order.state.lapse()?, RequestNews::Lapsed),
        Decision::Withdrawn => (order.state.decline()?, RequestNews::Withdrawn),
        Decision::Declined | Decision::Approved => (order.state.decline()?, RequestNews::Declined),
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
    let said = Announcement::Request {
        order: order.id.get(),
        news,
    };
    outbox::append(sv, tx, order.organization, &said).await?;
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
