//! The buyer leaves: the tickets are free at once for others.

use super::queries;
use crate::{
    Services, Unexpected,
    db::Scope,
    live, promo,
    stock::{self, Move},
};

/// Again, or for a hold that is over, is fine.
pub async fn release(sv: &Services, token: &str) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((id, organization)) = queries::find(&mut tx, token).await? else {
        return Ok(());
    };
    tx.narrow(organization).await?;
    let Some(hold) = queries::lock(&mut tx, organization, id).await? else {
        return Ok(());
    };
    if hold.state != "active" {
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
    if lines.iter().any(|line| line.full.is_some()) {
        promo::give_back(
            &mut tx,
            organization,
            promo::Of::Holds(&[id.get()]),
            sv.now(),
        )
        .await?;
    }
    queries::set_state(&mut tx, organization, &[id.get()], "released").await?;
    live::announce(&mut tx, hold.event).await?;
    tx.commit().await
}
