//! The time to pay is over.

use domain::{
    ids::{OrderId, OrganizationId},
    orders::OrderState,
};

use super::{Order, lock, queries, void};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    outbox::{self, Announcement},
};

/// Gives the places of an unpaid order back, if its time is over.
pub(crate) async fn expire(
    sv: &Services,
    organization: OrganizationId,
    id: OrderId,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(mut order) = lock(&mut tx, organization, id).await? else {
        return Ok(());
    };
    if order.expires_at.is_some_and(|until| until > sv.now()) {
        return Ok(());
    }
    expire_now(sv, &mut tx, &mut order).await?;
    tx.commit().await
}

/// Expires a pending order whatever its clock says; any other stays as it is.
pub(crate) async fn expire_now(
    sv: &Services,
    tx: &mut Tx,
    order: &mut Order,
) -> Result<(), Unexpected> {
    let Ok(expired) = OrderState::expire(order.state) else {
        return Ok(());
    };
    void::let_go(sv, tx, order).await?;
    order.state = expired;
    // From here on it tells when the time was over.
    order.expires_at = Some(sv.now());
    queries::save(tx, order).await?;
    outbox::append(
        sv,
        tx,
        order.organization,
        &Announcement::OrderExpired {
            order: order.id.get(),
        },
    )
    .await
}
