//! Tickets follow what a bank decides about their payment.

use domain::{disputes::Tickets, orders::OrderState};

use super::{Order, queries, void};
use crate::{Services, Unexpected, db::Tx, live, rows::at};

/// Blocks, frees or voids the tickets of an order, and tells the scanners. The caller has locked the order.
pub(crate) async fn after_dispute(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
    tickets: Tickets,
) -> Result<(), Unexpected> {
    if tickets == Tickets::Void && order.state == OrderState::Paid {
        void::let_go(sv, tx, order).await?;
        order.state = OrderState::Cancelled;
        order.cancelled_at = order.cancelled_at.or(Some(sv.now()));
        queries::save(tx, order).await?;
    }
    let changed = sqlx::query!(
        r#"
        update orders set blocked = $3, block_changed_at = $4
        where organization_id = $1 and id = $2 and blocked <> $3
        "#,
        order.organization.get(),
        order.id.get(),
        tickets == Tickets::Block,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?
    .rows_affected();
    if changed > 0 {
        live::announce(tx, order.event).await?;
    }
    Ok(())
}
