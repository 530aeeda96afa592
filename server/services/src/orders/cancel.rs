//! Calls an order off, by the organizer's hand: its tickets are void at once and its places free.

use domain::{
    ids::{OrderCode, RefundId, UserId},
    orders::{Decision, OrderState, OrderTransitionError},
};

use super::{
    Order, lock,
    money_back::{give_back_amount, has_money},
    queries,
    requests::{EndRequestError, end_request},
    void,
};
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    outbox::{self, Announcement},
    permit::{CancelOrders, Permit},
};

#[derive(Debug, Clone)]
pub struct CancelOrder {
    pub code: OrderCode,
    /// Told to the buyer.
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    #[error("no such order")]
    NotFound,
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<EndRequestError> for CancelError {
    fn from(e: EndRequestError) -> Self {
        match e {
            EndRequestError::Transition(e) => Self::Transition(e),
            EndRequestError::Unexpected(e) => Self::Unexpected(e),
        }
    }
}

impl CancelError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Transition(e) => e.code(),
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Cancels without giving money back; `refund` does that, before or after.
#[tracing::instrument(skip_all, fields(order.code = %cmd.code))]
pub async fn cancel(
    sv: &Services,
    permit: &Permit<CancelOrders>,
    cmd: CancelOrder,
) -> Result<OrderState, CancelError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let id = queries::find_by_code(&mut tx, permit, cmd.code)
        .await?
        .ok_or(CancelError::NotFound)?;
    let mut order = lock(&mut tx, permit.organization(), id)
        .await?
        .ok_or(CancelError::NotFound)?;
    let before = order.state;
    if before == OrderState::Asked {
        end_request(sv, &mut tx, &mut order, Decision::Declined, &cmd.reason).await?;
    } else {
        call_off(sv, &mut tx, &mut order, &cmd.reason).await?;
    }
    queries::save(&mut tx, &order).await?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "order.cancel",
        subject_kind: "order",
        subject: cmd.code.to_string(),
        reason: &cmd.reason,
        before: Some(serde_json::json!({ "state": before.code() })),
        after: Some(serde_json::json!({ "state": order.state.code() })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(order.state)
}

/// The order ends, its tickets are void, its places free. The caller saves it.
pub(super) async fn call_off(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    reason: &str,
) -> Result<(), CancelError> {
    let cancelled = order.state.cancel()?;
    void::let_go(sv, tx, order).await?;
    order.state = cancelled;
    order.cancelled_at = Some(sv.now());
    order.cancel_reason = reason.to_owned();
    outbox::append(
        sv,
        tx,
        order.organization,
        &Announcement::OrderCancelled {
            order: order.id.get(),
        },
    )
    .await?;
    Ok(())
}

/// Calls the order off and gives back everything that is left of its money. The caller saves it.
pub(super) async fn call_off_and_refund_all(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    reason: &str,
    by: Option<UserId>,
) -> Result<Option<RefundId>, CancelError> {
    let mut refund = None;
    let paid = has_money(tx, order).await?;
    call_off(sv, tx, order, reason).await?;
    let amount = order.left();
    if paid && !amount.is_zero() {
        let after = order.state.refund(amount, order.total, order.gone())?;
        let refunds = give_back_amount(sv, tx, order, amount, (reason, by)).await?;
        refund = refunds.first().copied();
        order.state = after;
    }
    Ok(refund)
}
