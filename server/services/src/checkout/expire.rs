//! The clocks of holds ran out.

use domain::ids::{EventId, OrganizationId};
use uuid::Uuid;

use super::queries;
use crate::{
    Services, Unexpected,
    db::Scope,
    promo,
    stock::{self, Move},
};

/// The event whose hold ran out first, without events that are left out.
pub(crate) async fn due(
    sv: &Services,
    without: &[Uuid],
) -> Result<Option<(OrganizationId, EventId)>, Unexpected> {
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    queries::event_with_due_holds(&mut tx, sv.now(), without).await
}

/// Gives the places of up to `limit` holds of an event back, unless they were extended, ordered or let go in the meantime;
/// returns how many there were.
pub(crate) async fn expire_due(
    sv: &Services,
    (organization, event): (OrganizationId, EventId),
    limit: i64,
) -> Result<usize, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let due = queries::lock_due(&mut tx, organization, event, now, limit).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let places = queries::places_of(&mut tx, organization, &due).await?;
    stock::shift(&mut tx, organization, &places, Move::Release).await?;
    promo::give_back(&mut tx, organization, promo::Of::Holds(&due), now).await?;
    queries::set_state(&mut tx, organization, &due, "expired").await?;
    tx.commit().await?;
    sv.live.announce_soon(&sv.db, event);
    Ok(due.len())
}
