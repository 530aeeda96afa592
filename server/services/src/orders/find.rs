//! Finds whose orders the secrets of buyers' links name.

use domain::ids::{EventId, OrderId, OrganizationId};

use super::queries;
use crate::{Services, Unexpected, batcher::Merge, db::Scope};

/// Where an order belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub order: OrderId,
    pub organization: OrganizationId,
    pub event: EventId,
}

/// All secrets that wait, in one look.
pub(crate) enum FindOrders {}

impl Merge for FindOrders {
    type Context = Services;
    type Key = ();
    type Request = String;
    type Answer = Option<Found>;

    async fn serve(
        sv: &Services,
        (): &(),
        secrets: &[String],
    ) -> Result<Vec<Self::Answer>, Unexpected> {
        let mut tx = sv.db.begin(Scope::System).await?;
        let found = queries::find_all_by_secret(&mut tx, secrets).await?;
        tx.commit().await?;
        Ok(found)
    }
}
