//! The tickets are given in: they end, their money moves into the new order, and its tickets are there.

use domain::{
    ids::{RefundId, TicketTypeId, UserId},
    ledger::Posting,
    orders::{OrderState, spread},
};
use uuid::Uuid;

use super::{
    plan::{by_type, ticket_refusal},
    stored::{self, Stored},
};
use crate::{
    Services, Unexpected,
    checkout::summary,
    db::Tx,
    invoices,
    ledger::{self, Cause},
    live,
    orders::{
        Order, fulfil, funds, lock, money_back,
        queries::{self, LiveTicket},
        rows::Stock,
        save, void,
    },
    rows::at,
    stock::{Move, Shelf},
};

/// Settles an order that is paid, if its tickets can still be given in and its places had. The caller has locked the
/// payments and both orders and decided that the order may be paid. `false`: nothing was changed.
pub(crate) async fn settle(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    stored: &Stored,
    places: Move,
) -> Result<bool, Unexpected> {
    let Some(mut from) = lock(tx, order.organization, stored.from).await? else {
        return Ok(false);
    };
    let Some(given) = can_be_given(sv, tx, &from, stored).await? else {
        return Ok(false);
    };
    // All pools at once: two exchanges the other way round must not wait for each other.
    let wanted = queries::places(tx, order.organization, order.id).await?;
    let freed: Vec<(TicketTypeId, u32)> = by_type(&given).into_iter().collect();
    let types = wanted.iter().chain(&freed).map(|(id, _)| *id);
    let mut shelf = Shelf::lock(tx, order.organization, types).await?;
    shelf.shift(&freed, Move::GiveBack)?;
    if shelf.shift(&wanted, places).is_err() {
        return Ok(false);
    }
    void::void(sv, tx, &from, &given).await?;
    complete(sv, tx, (&mut from, order), stored, places).await?;
    Ok(true)
}

/// The tickets, if all of them still admit and nobody is inside, and their money is all there.
async fn can_be_given(
    sv: &Services,
    tx: &mut Tx,
    from: &Order,
    stored: &Stored,
) -> Result<Option<Vec<LiveTicket>>, Unexpected> {
    if stored.tickets.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let disputed = !from.disputed.is_zero() || !from.withheld.is_zero();
    if from.state != OrderState::Paid || from.stock != Stock::Sold || disputed {
        return Ok(None);
    }
    // Once it has begun, a buyer changes nothing more; the organizer may.
    if stored.asked_by.is_none() {
        let event = summary(tx, from.organization, from.event).await?;
        if event.is_none_or(|event| sv.now() >= event.starts_at) {
            return Ok(None);
        }
    }
    queries::lock_tickets(tx, from).await?;
    let live = queries::live_tickets(tx, from).await?;
    let given: Vec<LiveTicket> = live
        .into_iter()
        .filter(|ticket| stored.tickets.contains(&ticket.id))
        .collect();
    let money = stored.credit.minor.saturating_add(stored.back.minor);
    let good = given.len() == stored.tickets.len()
        && given.iter().all(|ticket| ticket_refusal(ticket).is_none())
        && money <= from.left().minor;
    Ok(good.then_some(given))
}

/// Moves the money and makes the new tickets. The given ones are void already.
pub(super) async fn complete(
    sv: &Services,
    tx: &mut Tx,
    (from, order): (&mut Order, &mut Order),
    stored: &Stored,
    places: Move,
) -> Result<(), Unexpected> {
    if !stored.credit.is_zero() {
        move_money(sv, tx, (from, order), stored).await?;
    }
    if !stored.back.is_zero() {
        let why = ("", stored.asked_by);
        money_back::give_back_amount(sv, tx, from, stored.back, why).await?;
    }
    if !stored.tickets.is_empty() {
        end(sv, tx, from).await?;
        save(tx, from).await?;
        live::announce(tx, from.event).await?;
    }
    live::announce(tx, order.event).await?;
    fulfil(sv, tx, order, places)
        .await
        .map_err(Unexpected::from)?;
    stored::set_over(sv, tx, order, true).await
}

/// Where the old order stands without its tickets.
async fn end(sv: &Services, tx: &mut Tx, from: &mut Order) -> Result<(), Unexpected> {
    if !queries::live_tickets(tx, from).await?.is_empty() {
        return Ok(());
    }
    let all_gone = !from.total.is_zero() && from.refunded == from.total;
    from.state = if all_gone {
        OrderState::Refunded
    } else {
        OrderState::Cancelled
    };
    from.stock = Stock::Released;
    from.cancelled_at = from.cancelled_at.or(Some(sv.now()));
    Ok(())
}

/// Refunds of the old order that went into the new one, and both bookings.
async fn move_money(
    sv: &Services,
    tx: &mut Tx,
    (from, order): (&mut Order, &Order),
    stored: &Stored,
) -> Result<(), Unexpected> {
    let funds = funds::funds_of(tx, from.organization, from.id).await?;
    let parts = spread(&funds.free(), stored.credit)
        .ok_or_else(|| Unexpected::bad_row("orders", from.id, "less money than is left of it"))?;
    let mut refunds: Vec<Uuid> = Vec::with_capacity(parts.len());
    let mut postings = Vec::with_capacity(parts.len() + 1);
    for (payment, amount) in parts {
        let id = RefundId::new(sv.new_id());
        let broken = |e: &dyn std::fmt::Display| Unexpected::bad_row("refunds", id, e);
        sqlx::query!(
            r#"
            insert into refunds (id, organization_id, order_id, payment_id, amount_minor, currency, state, requested_by,
                                 created_at, completed_at, exchanged_to)
            values ($1, $2, $3, $4, $5, $6, 'succeeded', $7, $8, $8, $9)
            "#,
            id.get(),
            from.organization.get(),
            from.id.get(),
            payment.get(),
            amount.minor,
            amount.currency.as_str(),
            stored.asked_by.map(UserId::get),
            at(sv.now()) as _,
            order.id.get()
        )
        .execute(&mut **tx)
        .await?;
        let out = from
            .takings()
            .back(from.gone_for_good(), amount)
            .and_then(Posting::exchanged_out)
            .map_err(|e| broken(&e))?;
        let cause = Cause::Exchange {
            order: from.id,
            refund: Some(id),
        };
        postings.push((cause, out));
        from.refunded = from.refunded.checked_add(amount).map_err(|e| broken(&e))?;
        refunds.push(id.get());
    }
    let part = order
        .takings()
        .back(order.due(), stored.credit)
        .and_then(Posting::exchanged_in)
        .map_err(|e| Unexpected::bad_row("orders", order.id, e))?;
    let cause = Cause::Exchange {
        order: order.id,
        refund: None,
    };
    postings.push((cause, part));
    ledger::post_all(sv, tx, from.organization, &postings).await?;
    invoices::expect(sv, tx, &[], &refunds).await
}

/// Its money came, and the tickets cannot be given in any more: the order ends, and the caller sends the money back.
pub(crate) async fn give_up(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
) -> Result<(), Unexpected> {
    if let Ok(expired) = OrderState::expire(order.state) {
        void::let_go(sv, tx, order).await?;
        order.state = expired;
        order.expires_at = Some(sv.now());
        save(tx, order).await?;
    }
    stored::set_over(sv, tx, order, false).await
}
