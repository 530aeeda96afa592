//! The organizer says yes or no to a request.

use domain::{
    catalog::Phase,
    ids::{OrderCode, OrderId},
    orders::{Asking, Decision, OrderTransitionError, pay_until},
    text::{FieldErrors, line},
};

use super::{
    end::{EndRequestError, end_request},
    held::say,
    stored,
};
use crate::{
    Services, Unexpected, audit,
    checkout::summary,
    db::Tx,
    live,
    messaging::RequestNews,
    orders::{Order, fulfil, lock, queries},
    payments,
    permit::{CancelOrders, Permit},
    stock::Move,
};

/// At most so many are decided at once.
const TOGETHER: usize = 100;

#[derive(Debug, thiserror::Error)]
pub enum DecideRequestError {
    #[error("no such order")]
    NotFound,
    /// It does not wait, or does not wait any more.
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    /// The way on: decline it, or wait until the event sells again.
    #[error("the event does not sell")]
    EventNotOnSale,
    /// It begins at another time than the one that was asked for, and the card would be charged for it.
    #[error("the event has moved")]
    EventMoved,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl DecideRequestError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Transition(e) => e.code(),
            Self::EventNotOnSale => "event_not_on_sale",
            Self::EventMoved => "request_event_moved",
            Self::Fields(_) => "invalid",
            Self::Unexpected(_) => "internal",
        }
    }
}

impl From<EndRequestError> for DecideRequestError {
    fn from(e: EndRequestError) -> Self {
        match e {
            EndRequestError::Transition(e) => Self::Transition(e),
            EndRequestError::Unexpected(e) => Self::Unexpected(e),
        }
    }
}

/// What became of several requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answered {
    pub approved: usize,
    /// They did not wait any more, or could not be approved.
    pub left: usize,
}

/// Says yes. What is free gets its tickets at once; a card that is held is charged now; whoever has still to pay is told how.
#[tracing::instrument(skip_all, fields(order.code = %code))]
pub async fn approve_request(
    sv: &Services,
    permit: &Permit<CancelOrders>,
    code: OrderCode,
) -> Result<(), DecideRequestError> {
    let now = sv.now();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let mut order = locked(&mut tx, permit, code).await?;
    let after = order.state.approve()?;
    // Its clock has run out, and the worker is about to end it.
    if order.expires_at.is_none_or(|until| until <= now) {
        return Err(OrderTransitionError::AlreadyExpired.into());
    }
    let event = summary(&mut tx, order.organization, order.event)
        .await?
        .ok_or(DecideRequestError::NotFound)?;
    match event.phase(now) {
        Phase::Upcoming | Phase::Running if !event.organizer_suspended => {}
        Phase::Draft
        | Phase::Upcoming
        | Phase::Running
        | Phase::Ended
        | Phase::Postponed
        | Phase::Cancelled => return Err(DecideRequestError::EventNotOnSale),
    }
    if order.asking == Asking::Hold && stored::has_moved(&mut tx, &order).await? {
        return Err(DecideRequestError::EventMoved);
    }
    let decided = (Decision::Approved, after);
    stored::set_decision(&mut tx, &mut order, decided, now).await?;
    order.expires_at = Some(pay_until(now, event.ends_at));
    queries::save(&mut tx, &order).await?;
    if order.due().is_zero() {
        order.state = order.state.pay()?;
        fulfil(sv, &mut tx, &mut order, Move::Sell)
            .await
            .map_err(Unexpected::from)?;
    } else if order.asking == Asking::Ask {
        say(sv, &mut tx, &order, RequestNews::ToPay).await?;
    }
    write_down(sv, &mut tx, permit, code, ("order.approve", "")).await?;
    live::announce(&mut tx, order.event).await?;
    tx.commit().await?;
    after_decision(sv, &order).await;
    Ok(())
}

/// Says yes to each of these that still waits. An order that is not theirs ends it.
pub async fn approve_requests(
    sv: &Services,
    permit: &Permit<CancelOrders>,
    codes: &[OrderCode],
) -> Result<Answered, DecideRequestError> {
    let mut done = Answered::default();
    for code in codes.iter().take(TOGETHER) {
        match approve_request(sv, permit, *code).await {
            Ok(()) => done.approved += 1,
            Err(e @ (DecideRequestError::NotFound | DecideRequestError::Unexpected(_))) => {
                return Err(e);
            }
            Err(
                DecideRequestError::Transition(_)
                | DecideRequestError::EventNotOnSale
                | DecideRequestError::EventMoved
                | DecideRequestError::Fields(_),
            ) => done.left += 1,
        }
    }
    done.left += codes.len().saturating_sub(TOGETHER);
    Ok(done)
}

/// Says no, with a reason that the buyer is told.
#[tracing::instrument(skip_all, fields(order.code = %code))]
pub async fn decline_request(
    sv: &Services,
    permit: &Permit<CancelOrders>,
    code: OrderCode,
    reason: &str,
) -> Result<(), DecideRequestError> {
    let reason = line(reason, 3, 300).map_err(|fault| FieldErrors::one("reason", fault))?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let mut order = locked(&mut tx, permit, code).await?;
    end_request(sv, &mut tx, &mut order, Decision::Declined, &reason).await?;
    queries::save(&mut tx, &order).await?;
    write_down(sv, &mut tx, permit, code, ("order.decline", &reason)).await?;
    tx.commit().await?;
    after_decision(sv, &order).await;
    Ok(())
}

/// News of the provider lock a payment and then its order; so does whoever decides.
async fn locked(
    tx: &mut Tx,
    permit: &Permit<CancelOrders>,
    code: OrderCode,
) -> Result<Order, DecideRequestError> {
    let id: OrderId = queries::find_by_code(tx, permit, code)
        .await?
        .ok_or(DecideRequestError::NotFound)?;
    queries::lock_payments(tx, permit.organization(), &[id.get()]).await?;
    lock(tx, permit.organization(), id)
        .await?
        .ok_or(DecideRequestError::NotFound)
}

async fn write_down(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<CancelOrders>,
    code: OrderCode,
    (action, reason): (&'static str, &str),
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action,
        subject_kind: "order",
        subject: code.to_string(),
        reason,
        before: None,
        after: None,
    };
    audit::append(sv, tx, entry).await
}

/// The decision stands, whatever the provider says now: the worker asks it again.
async fn after_decision(sv: &Services, order: &Order) {
    if order.asking != Asking::Hold {
        return;
    }
    if let Err(e) = payments::settle_holds(sv, order.organization, order.id).await {
        tracing::warn!(order.code = %order.code, error = %e, "what is held for an order is settled later");
    }
}
