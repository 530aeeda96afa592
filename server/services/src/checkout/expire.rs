//! The clock of a hold ran out.

use domain::ids::{HoldId, OrganizationId};

use super::queries;
use crate::{
    Services, Unexpected,
    db::Scope,
    live,
    stock::{self, Move},
};

/// Gives the places back, unless the hold was extended, ordered or let go in the meantime.
pub(crate) async fn expire(
    sv: &Services,
    organization: OrganizationId,
    id: HoldId,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(hold) = queries::lock(&mut tx, organization, id).await? else {
        return Ok(());
    };
    if hold.state != "active" || hold.expires_at > sv.now() {
        return Ok(());
    }
    let lines = queries::lines(&mut tx, organization, id).await?;
    stock::shift(
        &mut tx,
        organization,
        &queries::places(&lines),
        Move::Release,
    )
    .await?;
    queries::set_state(&mut tx, organization, id, "expired").await?;
    live::announce(&mut tx, hold.event).await?;
    tx.commit().await
}
