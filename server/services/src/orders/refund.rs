//! Money back, by the organizer's hand: all of it, an amount, or what was paid for chosen tickets.

use domain::{
    ids::{OrderCode, TicketId, UserId},
    money::Money,
    orders::{OrderState, OrderTransitionError},
};
use serde::{Deserialize, Serialize};

use super::{
    Order, funds, lock,
    money_back::{give_back_amount, has_money},
    queries,
    queries::LiveTicket,
    rows::Stock,
    void,
};
use crate::{
    Services, Unexpected, approvals, audit,
    db::Tx,
    idempotency::{self, Turn},
    live,
    outbox::{self, Announcement},
    permit::{Permit, RefundOrders},
};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefundOrder {
    pub code: OrderCode,
    pub choice: RefundChoice,
    /// The tickets stay good although money goes back. Once everything is back, they are void all the same.
    pub keep_tickets: bool,
    /// Told to the buyer.
    pub reason: String,
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefundChoice {
    /// All that is left.
    Full,
    Amount(Money),
    /// What was paid for these tickets, at most what is left. Those that cost nothing only end.
    Tickets(Vec<TicketId>),
}

/// What a refund will do, before it does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundPreview {
    pub amount: Money,
    pub total: Money,
    pub already_refunded: Money,
    /// What stays with the organizer afterwards.
    pub left_after: Money,
    /// Tickets that stop admitting.
    pub voided: Vec<TicketId>,
    /// Of those, how many are inside already.
    pub voided_inside: u32,
    pub state_after: OrderState,
    /// Somebody else has to agree first. Said before it is asked for; what is kept of a request does not say it.
    #[serde(default)]
    pub second_person: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum RefundError {
    #[error("no such order")]
    NotFound,
    #[error("more than is left of the payment")]
    TooLarge { left: Money },
    /// Cards do not move so fine an amount.
    #[error("not in steps of {} {}", .step.currency, .step.to_decimal_string())]
    NotInSteps { step: Money },
    #[error("a ticket that is not valid in this order")]
    UnknownTicket,
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    /// Above the organization's limit: a second member has to agree.
    #[error("a second person has to agree")]
    NeedsApproval,
    #[error("the key was used for another request")]
    KeyConflict,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl RefundError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::TooLarge { .. } => "refund_too_large",
            Self::NotInSteps { .. } => "refund_not_in_steps",
            Self::UnknownTicket => "unknown_ticket",
            Self::Transition(e) => e.code(),
            Self::NeedsApproval => "refund_needs_approval",
            Self::KeyConflict => "key_conflict",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Shows what [`refund`] would do now.
pub async fn preview_refund(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    cmd: &RefundOrder,
) -> Result<RefundPreview, RefundError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let order = load(&mut tx, permit, cmd.code).await?;
    let plan = plan(&mut tx, &order, cmd).await?;
    let who = (permit.actor(), order.id);
    let second_person =
        approvals::needed(sv, &mut tx, order.organization, who, plan.amount).await?;
    Ok(RefundPreview {
        second_person,
        ..plan.preview(&order)
    })
}

/// Promises the money, voids tickets, and leaves the sending to a job. A repeat with the same key does nothing more.
#[tracing::instrument(skip_all, fields(order.code = %cmd.code))]
pub async fn refund(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    cmd: RefundOrder,
) -> Result<RefundPreview, RefundError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let scope = format!("refund|{}|{}", permit.organization(), cmd.code);
    let key = match idempotency::begin::<RefundPreview>(
        sv,
        &mut tx,
        scope,
        cmd.idempotency_key.as_deref(),
        &cmd,
    )
    .await?
    {
        Turn::First(key) => key,
        Turn::Again(done) => return Ok(done),
        Turn::Conflict => return Err(RefundError::KeyConflict),
    };
    let mut order = load(&mut tx, permit, cmd.code).await?;
    let plan = plan(&mut tx, &order, &cmd).await?;
    let who = (permit.actor(), order.id);
    if approvals::needed(sv, &mut tx, order.organization, who, plan.amount).await? {
        return Err(RefundError::NeedsApproval);
    }
    let done = carry_out(sv, &mut tx, permit.actor(), &mut order, &plan, &cmd).await?;
    key.finish(&mut tx, &done).await?;
    tx.commit().await?;
    Ok(done)
}

/// The order under lock, and what the refund would do now.
pub(crate) async fn plan_refund(
    tx: &mut Tx,
    permit: &Permit<RefundOrders>,
    cmd: &RefundOrder,
) -> Result<(Order, RefundPreview), RefundError> {
    let order = load(tx, permit, cmd.code).await?;
    let preview = plan(tx, &order, cmd).await?.preview(&order);
    Ok((order, preview))
}

/// Does what somebody asked for and a second person agrees to; nothing, and `false`, where it would no longer do what was
/// shown.
pub(crate) async fn refund_as_shown(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<RefundOrders>,
    asked_by: UserId,
    cmd: &RefundOrder,
    shown: &RefundPreview,
) -> Result<bool, RefundError> {
    let mut order = load(tx, permit, cmd.code).await?;
    let plan = plan(tx, &order, cmd).await?;
    if plan.preview(&order) != *shown {
        return Ok(false);
    }
    carry_out(sv, tx, Some(asked_by), &mut order, &plan, cmd).await?;
    Ok(true)
}

async fn carry_out(
    sv: &Services,
    tx: &mut Tx,
    by: Option<UserId>,
    order: &mut Order,
    plan: &Plan,
    cmd: &RefundOrder,
) -> Result<RefundPreview, RefundError> {
    let done = plan.preview(order);
    if !plan.voided.is_empty() {
        void::void(sv, tx, order, &plan.voided).await?;
    }
    if plan.all_void {
        order.stock = Stock::Released;
        order.cancelled_at = order.cancelled_at.or(Some(sv.now()));
        order.cancel_reason = cmd.reason.clone();
    }
    if plan.amount.is_zero() {
        tell_of_ended(sv, tx, order, plan).await?;
    } else {
        give_back_amount(sv, tx, order, plan.amount, (&cmd.reason, by)).await?;
    }
    record(sv, tx, by, order, cmd, &done).await?;
    order.state = plan.state_after;
    queries::save(tx, order).await?;
    live::announce(tx, order.event).await?;
    Ok(done)
}

/// Where money goes back, its mail says that tickets end too.
async fn tell_of_ended(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    plan: &Plan,
) -> Result<(), Unexpected> {
    let id = order.id.get();
    let said = if plan.all_void {
        Announcement::OrderCancelled { order: id }
    } else {
        Announcement::TicketsCancelled {
            order: id,
            tickets: plan.voided.iter().map(|ticket| ticket.id.get()).collect(),
        }
    };
    outbox::append(sv, tx, order.organization, &said).await
}

/// Money left by somebody's hand.
async fn record(
    sv: &Services,
    tx: &mut Tx,
    by: Option<UserId>,
    order: &Order,
    cmd: &RefundOrder,
    done: &RefundPreview,
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: by,
        organization: Some(order.organization),
        action: "order.refund",
        subject_kind: "order",
        subject: cmd.code.to_string(),
        reason: &cmd.reason,
        before: Some(
            serde_json::json!({ "state": order.state.code(), "refunded": done.already_refunded }),
        ),
        after: Some(serde_json::json!({
            "state": done.state_after.code(), "amount": done.amount, "void": done.voided.len(),
        })),
    };
    audit::append(sv, tx, entry).await
}

async fn load(
    tx: &mut Tx,
    permit: &Permit<RefundOrders>,
    code: OrderCode,
) -> Result<Order, RefundError> {
    let id = queries::find_by_code(tx, permit, code)
        .await?
        .ok_or(RefundError::NotFound)?;
    queries::lock_payments(tx, permit.organization(), &[id.get()]).await?;
    lock(tx, permit.organization(), id)
        .await?
        .ok_or(RefundError::NotFound)
}

struct Plan {
    amount: Money,
    voided: Vec<LiveTicket>,
    /// No ticket of the order is left.
    all_void: bool,
    state_after: OrderState,
}

impl Plan {
    fn preview(&self, order: &Order) -> RefundPreview {
        RefundPreview {
            amount: self.amount,
            total: order.total,
            already_refunded: order.refunded,
            left_after: Money::new(order.left().minor - self.amount.minor, order.total.currency),
            voided: self.voided.iter().map(|ticket| ticket.id).collect(),
            voided_inside: self
                .voided
                .iter()
                .map(|ticket| u32::from(ticket.inside))
                .sum(),
            state_after: self.state_after,
            second_person: false,
        }
    }
}

async fn plan(tx: &mut Tx, order: &Order, cmd: &RefundOrder) -> Result<Plan, RefundError> {
    let tickets = queries::live_tickets(tx, order).await?;
    let left = order.left();
    let in_steps = funds::go_in_steps(tx, order).await?;
    let mut chosen = Vec::new();
    let amount = match &cmd.choice {
        RefundChoice::Full => left,
        RefundChoice::Amount(amount) => *amount,
        RefundChoice::Tickets(ids) => {
            for id in ids.iter().collect::<std::collections::BTreeSet<_>>() {
                chosen.push(
                    *tickets
                        .iter()
                        .find(|t| t.id == *id)
                        .ok_or(RefundError::UnknownTicket)?,
                );
            }
            let paid = Money::checked_sum(order.total.currency, chosen.iter().map(|t| t.unit))
                .map_err(OrderTransitionError::from)?;
            match paid.minor >= left.minor {
                true => left,
                false if in_steps => paid.in_steps(),
                false => paid,
            }
        }
    };
    if amount.currency == left.currency && amount.minor > left.minor {
        return Err(RefundError::TooLarge { left });
    }
    // The rest goes back as it came; a part of what a card paid only as cards can move it.
    if in_steps && amount != left && !amount.is_in_steps() {
        let step = Money::new(amount.currency.step(), amount.currency);
        return Err(RefundError::NotInSteps { step });
    }
    if !amount.is_zero() && !has_money(tx, order).await? {
        return Err(OrderTransitionError::NotPaid.into());
    }
    // Tickets that cost nothing end without any money.
    let ends_free = !cmd.keep_tickets
        && !chosen.is_empty()
        && chosen.iter().all(|ticket| ticket.unit.is_zero());
    let refunded = if ends_free {
        order.state
    } else {
        order.state.refund(amount, order.total, order.gone())?
    };
    let everything_back = amount == left && !ends_free;
    // Whoever has all money back has no tickets; an amount alone does not say which tickets it was for.
    let voided = match &cmd.choice {
        _ if everything_back => tickets.clone(),
        RefundChoice::Tickets(_) if !cmd.keep_tickets => chosen,
        RefundChoice::Amount(_) if !cmd.keep_tickets => tickets.clone(),
        RefundChoice::Full | RefundChoice::Amount(_) | RefundChoice::Tickets(_) => Vec::new(),
    };
    let all_void = voided.len() == tickets.len() && order.stock == Stock::Sold;
    let state_after = match refunded {
        // Money stays, but nobody may come in any more: that is a cancelled order.
        OrderState::Paid if all_void => OrderState::Cancelled,
        state => state,
    };
    Ok(Plan {
        amount,
        voided,
        all_void,
        state_after,
    })
}
