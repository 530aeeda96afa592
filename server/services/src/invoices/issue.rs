//! Invoices for paid orders, many under one lock of their series.

use domain::{ids::OrganizationId, invoices::Kind};
use uuid::Uuid;

use super::{
    made::made,
    rows::{New, write},
};
use crate::{Services, Unexpected, db::Tx};

/// Issues the invoices of these orders in the order in which they were paid; those that have one keep it.
pub(super) async fn issue(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<(), Unexpected> {
    let wanting = sqlx::query_scalar!(
        r#"
        select o.id from orders o
        where o.organization_id = $1 and o.id = any($2) and o.paid_at is not null and o.total_minor > 0
          and not exists (select from invoices i where i.order_id = o.id and i.kind = 'invoice')
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    if wanting.is_empty() {
        return Ok(());
    }
    let new = made(sv, tx, organization, &wanting)
        .await?
        .into_iter()
        .map(|made| New {
            order: made.order,
            event: made.event,
            refund: None,
            dispute: None,
            corrects: None,
            places: Vec::new(),
            document: made.document,
        })
        .collect();
    write(sv, tx, organization, Kind::Invoice, new).await?;
    Ok(())
}
