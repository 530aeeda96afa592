//! An order will be paid another way: nobody shall pay it at the provider as well.

use domain::ids::{OrderId, OrganizationId};

use super::{
    StartError,
    look::{self, Look, LookError},
    queries,
    start::Way,
};
use crate::{
    Services, Unexpected,
    db::Scope,
    ports::{PaymentStanding, PortError},
};

/// Closes the provider's pages of an order. What came of them is taken in; money that is on its way there is waited for.
pub(crate) async fn close_pages(
    sv: &Services,
    organization: OrganizationId,
    order: OrderId,
) -> Result<(), StartError> {
    close(sv, organization, order, None).await
}

/// The same, of one way of paying only.
pub(super) async fn close_way(
    sv: &Services,
    organization: OrganizationId,
    order: OrderId,
    way: Way,
) -> Result<(), StartError> {
    close(sv, organization, order, Some(way)).await
}

async fn close(
    sv: &Services,
    organization: OrganizationId,
    order: OrderId,
    way: Option<Way>,
) -> Result<(), StartError> {
    if !sv.payments.can_be_asked() {
        return Ok(());
    }
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let provider = sv.payments.provider();
    let open = queries::unclosed(&mut tx, organization, order, (provider, way), None).await?;
    if queries::is_held(&mut tx, organization, order).await? {
        return Err(StartError::UnderWay);
    }
    tx.commit().await?;
    for payment in open.iter().filter(|payment| look::has_page(payment)) {
        let known = look::look(sv, payment, Look::Close).await;
        let known = known.map_err(|e| match e {
            LookError::Port(PortError::Unavailable(_)) => StartError::ProviderDown,
            LookError::Port(e) => Unexpected::new("close a page", e).into(),
            LookError::Unexpected(e) => e.into(),
        })?;
        if known.is_some_and(|known| {
            matches!(
                known.standing,
                PaymentStanding::Processing | PaymentStanding::Held
            )
        }) {
            return Err(StartError::UnderWay);
        }
    }
    Ok(())
}
