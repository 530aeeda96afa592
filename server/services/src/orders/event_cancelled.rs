//! An event was called off: every order ends, and all money goes back.

use domain::ids::{EventId, OrderId, OrganizationId};

use super::cancel;
use crate::{
    Services, Unexpected,
    db::Scope,
    jobs::{self, Job},
};

const PORTION: i64 = 50;

/// Ends the next orders of the event and asks for the portion after it, so that a stop in between loses nothing.
pub(crate) async fn cancel_portion(
    sv: &Services,
    organization: OrganizationId,
    event: EventId,
    reason: &str,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let ids = sqlx::query_scalar!(
        r#"
        select id from orders
        where organization_id = $1 and event_id = $2 and state in ('pending', 'paid')
        order by id
        limit $3
        "#,
        organization.get(),
        event.get(),
        PORTION
    )
    .fetch_all(&mut *tx)
    .await?;
    for id in &ids {
        cancel::end(sv, &mut tx, organization, OrderId::new(*id), reason).await?;
    }
    if i64::try_from(ids.len()).unwrap_or(PORTION) == PORTION {
        let next = Job::CancelEventOrders {
            event: event.get(),
            reason: reason.to_owned(),
        };
        jobs::enqueue(sv, &mut tx, organization, &next, sv.now(), None).await?;
    }
    tx.commit().await
}
