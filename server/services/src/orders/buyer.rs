//! The buyer gives tickets back, some or all, within the policy they agreed to. Their right is the secret in their link.

use domain::{
    ids::{OrderId, OrganizationId, TicketId},
    money::Money,
    orders::{Asking, Decision, OrderState, OrderTransitionError},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    Order,
    back::{Plan, plan},
    cancel::{CancelError, call_off},
    lock,
    money_back::{give_back_amount, has_money},
    queries,
    requests::end_request,
    void,
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    outbox::{self, Announcement},
    payments,
};

/// Which tickets of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichTickets {
    All,
    These(Vec<TicketId>),
}

/// What cancelling now would mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelPreview {
    pub allowed: bool,
    /// Key of the reason when it is not allowed.
    pub why_not: Option<String>,
    /// What was paid and is still there.
    pub paid: Money,
    /// What would come back.
    pub refund: Money,
    pub percent: u8,
    /// Whether the percentage is of the price without the fee.
    pub keeps_fee: bool,
    /// Until when the policy gives anything back.
    pub last_chance: Option<Timestamp>,
    /// How many tickets would be void.
    pub tickets: u32,
    /// How many would stay good.
    pub stay: u32,
    /// All tickets that are good now, chosen or not.
    pub each: Vec<TicketBack>,
}

/// What one ticket would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketBack {
    pub id: TicketId,
    /// What was paid for it.
    pub paid: Money,
    /// What comes back for it; nothing where it is not chosen.
    pub back: Money,
    /// It would be void.
    pub ends: bool,
    /// Key of the reason why it cannot be chosen.
    pub why_not: Option<String>,
}

#[derive(Debug, Clone)]
pub struct CancelByBuyer {
    pub secret: String,
    pub tickets: WhichTickets,
    /// What the buyer saw would come back.
    pub accepted_refund: Money,
}

#[derive(Debug, thiserror::Error)]
pub enum CancelByBuyerError {
    #[error("no such order")]
    NotFound,
    /// The policy gives nothing back any more, or somebody is inside.
    #[error("not allowed: {why}")]
    NotAllowed { why: &'static str },
    /// The way on: look at the new amount and accept it.
    #[error("another refund was accepted")]
    RefundChanged { now: Money },
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl CancelByBuyerError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotAllowed { why } => why,
            Self::RefundChanged { .. } => "refund_changed",
            Self::Transition(e) => e.code(),
            Self::Unexpected(_) => "internal",
        }
    }
}

impl From<CancelError> for CancelByBuyerError {
    fn from(e: CancelError) -> Self {
        match e {
            CancelError::NotFound => Self::NotFound,
            CancelError::Transition(e) => Self::Transition(e),
            CancelError::Unexpected(e) => Self::Unexpected(e),
        }
    }
}

/// `None` when the secret names no order.
pub async fn preview_cancel(
    sv: &Services,
    secret: &str,
    which: &WhichTickets,
) -> Result<Option<CancelPreview>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, organization)) = queries::find_by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(organization).await?;
    let order = lock(&mut tx, organization, id).await?;
    match order {
        Some(order) => Ok(Some(plan(sv, &mut tx, &order, which).await?.preview)),
        None => Ok(None),
    }
}

/// Calls off as previewed.
pub async fn cancel_by_buyer(
    sv: &Services,
    cmd: CancelByBuyer,
) -> Result<OrderState, CancelByBuyerError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let found = queries::find_by_secret(&mut tx, &cmd.secret).await?;
    let (id, organization): (OrderId, OrganizationId) =
        found.ok_or(CancelByBuyerError::NotFound)?;
    tx.narrow(organization).await?;
    queries::lock_payments(&mut tx, organization, &[id.get()]).await?;
    let mut order = lock(&mut tx, organization, id)
        .await?
        .ok_or(CancelByBuyerError::NotFound)?;
    // A state that cannot be left says so itself, in better words than "not allowed".
    order.state.cancel()?;
    queries::lock_tickets(&mut tx, &order).await?;
    let plan = plan(sv, &mut tx, &order, &cmd.tickets).await?;
    if let Some(why) = plan.why_not {
        return Err(CancelByBuyerError::NotAllowed { why });
    }
    let amount = plan.preview.refund;
    if amount != cmd.accepted_refund {
        return Err(CancelByBuyerError::RefundChanged { now: amount });
    }
    let paid = has_money(&mut tx, &order).await?;
    end(sv, &mut tx, &mut order, &plan).await?;
    if paid && !amount.is_zero() {
        let after = order.state.refund(amount, order.total, order.gone())?;
        give_back_amount(sv, &mut tx, &mut order, amount, ("", None)).await?;
        order.state = after;
    }
    queries::save(&mut tx, &order).await?;
    tx.commit().await?;
    if order.asking == Asking::Hold
        && let Err(e) = payments::settle_holds(sv, organization, id).await
    {
        tracing::warn!(order.code = %order.code, error = %e, "what is held for an order is let go of later");
    }
    Ok(order.state)
}

/// The order ends, or only the chosen tickets do. The caller saves the order.
async fn end(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    plan: &Plan,
) -> Result<(), CancelByBuyerError> {
    if order.state == OrderState::Asked {
        end_request(sv, tx, order, Decision::Withdrawn, "")
            .await
            .map_err(CancelError::from)?;
        return Ok(());
    }
    if plan.ends_order() {
        return Ok(call_off(sv, tx, order, "").await?);
    }
    void::void(sv, tx, order, &plan.voided).await?;
    let said = Announcement::TicketsCancelled {
        order: order.id.get(),
        tickets: plan.voided.iter().map(|ticket| ticket.id.get()).collect(),
    };
    outbox::append(sv, tx, order.organization, &said).await?;
    Ok(())
}
