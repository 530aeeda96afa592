//! Tickets stop admitting, and their places are free again.

use std::collections::BTreeMap;

use domain::ids::{TicketId, TicketTypeId};
use uuid::Uuid;

use super::{
    Order,
    queries::{self, LiveTicket},
    rows::Stock,
};
use crate::{
    Services, Unexpected,
    db::Tx,
    live, passing, promo,
    rows::at,
    stock::{self, Move},
};

/// Cancels these tickets of an order and gives their places back. The order itself is left to the caller.
pub(super) async fn void(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    tickets: &[LiveTicket],
) -> Result<(), Unexpected> {
    let ids: Vec<Uuid> = tickets
        .iter()
        .map(|ticket| TicketId::get(ticket.id))
        .collect();
    let voided = sqlx::query!(
        r#"
        update tickets set state = 'cancelled', cancelled_at = $4
        where organization_id = $1 and order_id = $2 and id = any($3) and state = 'valid'
        "#,
        order.organization.get(),
        order.id.get(),
        &ids,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    if usize::try_from(voided.rows_affected()).ok() != Some(ids.len()) {
        return Err(Unexpected::bad_row(
            "orders",
            order.id,
            "tickets changed under the order's lock",
        ));
    }
    passing::tell_ended(sv, tx, order.organization, &ids).await?;
    let mut places: BTreeMap<TicketTypeId, u32> = BTreeMap::new();
    for ticket in tickets {
        *places.entry(ticket.ticket_type).or_default() += 1;
    }
    let places: Vec<_> = places.into_iter().collect();
    stock::shift(tx, order.organization, &places, Move::GiveBack).await?;
    live::announce(tx, order.event).await
}

/// Lets go of all places an order still has, wherever they are counted.
pub(super) async fn let_go(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
) -> Result<(), Unexpected> {
    match order.stock {
        Stock::Held => {
            let lines = queries::places(tx, order.organization, order.id).await?;
            stock::shift(tx, order.organization, &lines, Move::Release).await?;
            // Nobody has paid with it: it is there for others. A code that was paid with is used, whatever is given back.
            let of = promo::Of::Orders(&[order.id.get()]);
            promo::give_back(tx, order.organization, of, sv.now()).await?;
            live::announce(tx, order.event).await?;
        }
        Stock::Sold => {
            let tickets = queries::live_tickets(tx, order).await?;
            void(sv, tx, order, &tickets).await?;
        }
        Stock::Released => {}
    }
    order.stock = Stock::Released;
    order.expires_at = None;
    Ok(())
}
