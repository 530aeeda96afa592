//! The clocks of holds ran out.

use super::queries;
use crate::{
    Services, Unexpected,
    db::Scope,
    live, promo,
    stock::{self, Move},
};

/// Gives the places of up to `limit` holds back, all of one event, unless they were extended, ordered or let go in the
/// meantime; returns how many there were.
pub(crate) async fn expire_due(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((organization, event)) = queries::event_with_due_holds(&mut tx, now).await? else {
        return Ok(0);
    };
    tx.narrow(organization).await?;
    let due = queries::lock_due(&mut tx, organization, event, now, limit).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let places = queries::places_of(&mut tx, organization, &due).await?;
    stock::shift(&mut tx, organization, &places, Move::Release).await?;
    promo::give_back(&mut tx, organization, promo::Of::Holds(&due), now).await?;
    queries::set_state(&mut tx, organization, &due, "expired").await?;
    live::announce(&mut tx, event).await?;
    tx.commit().await?;
    Ok(due.len())
}
