//! The buyer calls an order off, within the policy they agreed to. Their right is the secret in their link.

use domain::{
    ids::{OrderId, OrganizationId},
    money::Money,
    orders::{OrderState, OrderTransitionError, refund_due},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    Order,
    cancel::{CancelError, call_off},
    lock,
    money_back::{MoneyBack, captured, give_back},
    queries,
};
use crate::{
    Services, Unexpected,
    checkout::summary,
    db::{Scope, Tx},
};

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
    /// Until when the policy gives anything back.
    pub last_chance: Option<Timestamp>,
    /// How many tickets would be void.
    pub tickets: u32,
}

#[derive(Debug, Clone)]
pub struct CancelByBuyer {
    pub secret: String,
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
) -> Result<Option<CancelPreview>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, organization)) = queries::find_by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(organization).await?;
    let order = lock(&mut tx, organization, id).await?;
    match order {
        Some(order) => Ok(Some(plan(sv, &mut tx, &order).await?.preview)),
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
    let mut order = lock(&mut tx, organization, id)
        .await?
        .ok_or(CancelByBuyerError::NotFound)?;
    // A state that cannot be left says so itself, in better words than "not allowed".
    order.state.cancel()?;
    let plan = plan(sv, &mut tx, &order).await?;
    if let Some(why) = plan.why_not {
        return Err(CancelByBuyerError::NotAllowed { why });
    }
    let amount = plan.preview.refund;
    if amount != cmd.accepted_refund {
        return Err(CancelByBuyerError::RefundChanged { now: amount });
    }
    let payment = captured(&mut tx, &order).await?;
    call_off(sv, &mut tx, &mut order, "").await?;
    if let Some(payment) = payment.filter(|_| !amount.is_zero()) {
        let after = order.state.refund(amount, order.total, order.gone())?;
        give_back(
            sv,
            &mut tx,
            &mut order,
            &MoneyBack {
                payment,
                amount,
                reason: "",
                by: None,
                of_second_payment: false,
            },
        )
        .await?;
        order.state = after;
    }
    queries::save(&mut tx, &order).await?;
    tx.commit().await?;
    Ok(order.state)
}

struct Plan {
    preview: CancelPreview,
    why_not: Option<&'static str>,
}

async fn plan(sv: &Services, tx: &mut Tx, order: &Order) -> Result<Plan, Unexpected> {
    let now = sv.now();
    let event = summary(tx, order.organization, order.event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", order.id, "without an event"))?;
    let tickets = queries::live_tickets(tx, order).await?;
    let nothing = Money::zero(order.total.currency);
    let paid = if order.paid_at.is_some() {
        order.left()
    } else {
        nothing
    };
    // Line by line as agreed, but never more than what is still there.
    let due = Money::checked_sum(
        nothing.currency,
        tickets
            .iter()
            .map(|ticket| refund_due(&order.policy, event.starts_at, now, ticket.unit)),
    )
    .map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    let refund = if due.minor > paid.minor { paid } else { due };
    let why_not = match order.state {
        OrderState::Pending => None,
        OrderState::Paid if tickets.iter().any(|ticket| ticket.inside) => {
            Some("cancel_already_inside")
        }
        OrderState::Paid if now >= event.starts_at => Some("cancel_event_begun"),
        OrderState::Paid if !order.total.is_zero() && refund.is_zero() => {
            Some("cancel_outside_policy")
        }
        OrderState::Paid => None,
        OrderState::Cancelled | OrderState::Expired | OrderState::Refunded => {
            Some("cancel_already_over")
        }
    };
    let preview = CancelPreview {
        allowed: why_not.is_none(),
        why_not: why_not.map(str::to_owned),
        paid,
        refund,
        percent: order.policy.percent_at(event.starts_at, now),
        last_chance: order.policy.last_chance(event.starts_at),
        tickets: u32::try_from(tickets.len()).unwrap_or(u32::MAX),
    };
    Ok(Plan { preview, why_not })
}
