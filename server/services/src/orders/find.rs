//! Finds whose orders the secrets of buyers' links name.

use domain::ids::{EventId, OrderId, OrganizationId};

use super::queries;
use crate::{Unexpected, db::Tx, lookup::Lookup};

/// Where an order belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub order: OrderId,
    pub organization: OrganizationId,
    pub event: EventId,
}

/// Orders by the secrets of their links.
pub(crate) enum OrderSecrets {}

impl Lookup for OrderSecrets {
    type Name = String;
    type Found = Found;

    async fn find(tx: &mut Tx, secrets: &[String]) -> Result<Vec<Option<Found>>, Unexpected> {
        queries::find_all_by_secret(tx, secrets).await
    }
}
