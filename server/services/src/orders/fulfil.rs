//! A paid order gets its tickets.

use super::{Order, queries, rows::Stock};
use crate::{
    Services,
    db::Tx,
    live,
    outbox::{self, Announcement},
    stock::{self, Move, MoveError},
    tickets,
};

/// Sells the places, issues the tickets and says so. The caller has decided that the order is paid and set its state;
/// on an error nothing must be committed, except that running short with [`Move::HoldAndSell`] has changed nothing.
pub(crate) async fn fulfil(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    places: Move,
) -> Result<(), MoveError> {
    let lines = queries::places(tx, order.organization, order.id).await?;
    stock::shift(tx, order.organization, &lines, places).await?;
    order.stock = Stock::Sold;
    order.paid_at = Some(sv.now());
    order.expires_at = None;
    queries::save(tx, order).await?;
    tickets::issue(sv, tx, order.organization, order.event, order.id).await?;
    outbox::append(
        sv,
        tx,
        order.organization,
        &Announcement::OrderPaid {
            order: order.id.get(),
        },
    )
    .await?;
    live::announce(tx, order.event).await?;
    Ok(())
}
