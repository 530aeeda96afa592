//! Paid orders get their tickets.

use domain::{
    ids::{EventId, OrderId, OrganizationId},
    orders::OrderState,
};
use uuid::Uuid;

use super::{Order, queries, rows::Stock};
use crate::{
    Services,
    db::Tx,
    outbox::{self, Announcement},
    stock::{self, Move, MoveError},
    tickets,
};

/// Sells the places of one event's orders, issues the tickets and says so; those who watch the event are the caller's to tell. The caller has locked the orders and decided
/// that they are paid; on an error nothing must be committed, except that running short with [`Move::HoldAndSell`] has
/// changed nothing.
pub(crate) async fn fulfil_all(
    sv: &Services,
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    orders: &[OrderId],
    places: Move,
) -> Result<(), MoveError> {
    if orders.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = orders.iter().map(|order| order.get()).collect();
    let lines = queries::places_of(tx, organization, &ids).await?;
    let signed = tickets::sign(sv, tx, organization, event, &ids).await?;
    stock::shift(tx, organization, &lines, places).await?;
    queries::set_paid(tx, organization, &ids, sv.now()).await?;
    tickets::issue(sv, tx, organization, event, signed).await?;
    let said: Vec<_> = ids
        .iter()
        .map(|order| Announcement::OrderPaid { order: *order })
        .collect();
    outbox::append_all(sv, tx, organization, &said).await?;
    Ok(())
}

/// The same for a single order, which is brought up to date.
pub(crate) async fn fulfil(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    places: Move,
) -> Result<(), MoveError> {
    fulfil_all(
        sv,
        tx,
        (order.organization, order.event),
        &[order.id],
        places,
    )
    .await?;
    order.state = OrderState::Paid;
    order.stock = Stock::Sold;
    order.paid_at = Some(sv.now());
    order.expires_at = None;
    Ok(())
}
