//! A buyer who has not transferred yet is told once more, while there is time.

use domain::ids::{OrderId, OrganizationId};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Scope,
    messaging::{self, MailKind, OrderMail},
};

/// Nothing happens when the money is there, or the order is over.
pub(crate) async fn remind(
    sv: &Services,
    organization: OrganizationId,
    order: Uuid,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let waits = sqlx::query_scalar!(
        r#"
        select exists (
            select from orders o
            join payments p on p.order_id = o.id and p.provider = 'transfer' and p.state = 'created'
            where o.organization_id = $1 and o.id = $2 and o.state = 'pending'
        ) as "waits!"
        "#,
        organization.get(),
        order
    )
    .fetch_one(&mut *tx)
    .await?;
    if waits {
        let mail = OrderMail {
            order: OrderId::new(order),
            kind: MailKind::TransferReminder { order },
            dedupe_key: format!("transfer_reminder|{order}"),
        };
        messaging::enqueue_for_orders(sv, &mut tx, &[mail]).await?;
    }
    tx.commit().await
}
