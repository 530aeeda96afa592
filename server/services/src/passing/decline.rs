//! The recipient does not want the ticket: it stays where it is, and whoever offered it hears so.

use super::{AcceptError, accept::lock_open, queries, tell};
use crate::{Services, Unexpected, db::Scope, rows::at};

/// Once; an offer that is over already says why.
#[tracing::instrument(skip_all)]
pub async fn decline(sv: &Services, secret: &str) -> Result<(), AcceptError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let offer = lock_open(sv, &mut tx, secret).await?;
    let closed = sqlx::query!(
        r#"
        update handovers set state = 'declined', decided_at = $3
        where organization_id = $1 and id = $2 and state = 'pending'
        "#,
        offer.organization.get(),
        offer.id,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if closed.rows_affected() != 1 {
        return Err(Unexpected::bad_row("handovers", offer.id, "decided under its lock").into());
    }
    let kept =
        queries::tickets(&mut tx, offer.organization, offer.order, Some(offer.ticket)).await?;
    if let Some(kept) = kept.first() {
        tell::answer(sv, &mut tx, &offer, kept, false).await?;
    }
    tx.commit().await?;
    Ok(())
}
