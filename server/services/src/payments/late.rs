//! Money for an order that does not wait for it any more: its time ran out, it was called off, or it is paid already.

use domain::{
    catalog::Phase,
    money::Money,
    orders::{Asking, Decision, OrderState},
    payments::{LateOutcome, PaymentState, after_late_success},
};

use super::{
    apply_news::Applied,
    queries::{self, Payment},
};
use crate::{
    Services, Unexpected,
    checkout::summary,
    db::Tx,
    orders::{self, MoneyBack, Order},
    outbox::{self, Announcement},
    promo,
    stock::{Move, Shelf},
};

/// Takes the places again when there are any, else sends all of the money back.
pub(super) async fn settle(
    sv: &Services,
    tx: &mut Tx,
    payment: Payment,
    mut order: Order,
) -> Result<Applied, Unexpected> {
    // What the organizer never said yes to gets no tickets, even if the money is there.
    let wanted = order.asking == Asking::No || order.decision == Some(Decision::Approved);
    let revived = OrderState::revive(order.state, order.refunded)
        .ok()
        .filter(|_| wanted);
    if let Some(exchange) = orders::exchange_of(tx, &order).await? {
        if revived.is_some() && still_sells(sv, tx, &order).await? {
            let waited = order.state == OrderState::Pending;
            let places = if waited {
                Move::Sell
            } else {
                Move::HoldAndSell
            };
            if orders::settle_exchange(sv, tx, &mut order, &exchange, places).await? {
                queries::save(tx, &payment, sv.now()).await?;
                return Ok(if waited {
                    Applied::Done
                } else {
                    Applied::LateAndHeldAgain
                });
            }
        }
        orders::give_exchange_up(sv, tx, &mut order).await?;
        return send_back(sv, tx, payment, order).await;
    }
    let left = revived.is_some()
        && promo::customer_may_again(tx, order.organization, order.id).await?
        && can_still_be_had(sv, tx, &order).await?
        && promo::take_again(tx, order.organization, order.id).await?;
    match (after_late_success(left), revived) {
        (LateOutcome::Rehold, Some(paid)) => {
            queries::save(tx, &payment, sv.now()).await?;
            order.state = paid;
            orders::fulfil(sv, tx, &mut order, Move::HoldAndSell).await?;
            return Ok(Applied::LateAndHeldAgain);
        }
        (LateOutcome::Rehold, None) | (LateOutcome::Refund, _) => {}
    }
    send_back(sv, tx, payment, order).await
}

/// Ends the order and sends all of the money back, whose card had paid for as many tickets as it may. An order that another card
/// has paid meanwhile is paid twice, and nothing else is the matter with it.
pub(super) async fn refuse(
    sv: &Services,
    tx: &mut Tx,
    payment: Payment,
    mut order: Order,
) -> Result<Applied, Unexpected> {
    if orders::exchange_of(tx, &order).await?.is_some() {
        orders::give_exchange_up(sv, tx, &mut order).await?;
    } else {
        orders::expire_now(sv, tx, &mut order).await?;
    }
    let payment = Payment {
        over_card_limit: order.paid_at.is_none(),
        ..payment
    };
    send_back(sv, tx, payment, order).await
}

/// The same where the money is only held: the worker lets go of it. An order that has asked already, with another card, goes on,
/// and so does one that has the yes.
pub(super) async fn let_go(
    sv: &Services,
    tx: &mut Tx,
    payment: &Payment,
) -> Result<(), Unexpected> {
    let order = orders::lock(tx, payment.organization, payment.order).await?;
    let waits = |order: &Order| order.state == OrderState::Pending && order.decision.is_none();
    let Some(mut order) = order.filter(waits) else {
        return Ok(());
    };
    orders::expire_now(sv, tx, &mut order).await?;
    let said = Announcement::OverCardLimit {
        order: order.id.get(),
    };
    outbox::append(sv, tx, order.organization, &said).await
}

async fn send_back(
    sv: &Services,
    tx: &mut Tx,
    mut payment: Payment,
    mut order: Order,
) -> Result<Applied, Unexpected> {
    payment.state = PaymentState::Refunded;
    queries::save(tx, &payment, sv.now()).await?;
    let amount = payment.amount;
    let own = order.paid_at.is_none() && order.refunded.is_zero();
    let back = MoneyBack {
        payment: payment.id,
        amount,
        reason: "",
        by: None,
        of_second_payment: !own,
        over_card_limit: payment.over_card_limit,
    };
    if own {
        let after = order.state.refund(amount, order.total, order.refunded);
        let refund = orders::give_back(sv, tx, &mut order, &back).await?;
        orders::paid_late(sv, tx, order.organization, order.id, (refund, amount)).await?;
        order.state = after.unwrap_or(order.state);
        orders::save(tx, &order).await?;
    } else {
        // Paid twice: the order's own money is not touched.
        orders::send_back(sv, tx, &order, Money::zero(amount.currency), &back).await?;
    }
    Ok(Applied::SentBack)
}

async fn still_sells(sv: &Services, tx: &mut Tx, order: &Order) -> Result<bool, Unexpected> {
    let Some(event) = summary(tx, order.organization, order.event).await? else {
        return Ok(false);
    };
    Ok(match event.phase(sv.now()) {
        Phase::Upcoming | Phase::Running => !event.organizer_suspended,
        Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled => false,
    })
}

/// Whether the event still sells and the places are still free.
async fn can_still_be_had(sv: &Services, tx: &mut Tx, order: &Order) -> Result<bool, Unexpected> {
    let sells = still_sells(sv, tx, order).await?;
    let lines = orders::places(tx, order.organization, order.id).await?;
    let mut shelf = Shelf::lock(
        tx,
        order.organization,
        lines.iter().map(|(ticket_type, _)| *ticket_type),
    )
    .await?;
    Ok(sells && shelf.shift(&lines, Move::HoldAndSell).is_ok())
}
