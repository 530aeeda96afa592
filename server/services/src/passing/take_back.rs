//! Whoever offered a ticket takes the offer back, as long as nobody accepted it.

use uuid::Uuid;

use super::{offers, queries, tell};
use crate::{Services, Unexpected, db::Scope, orders, rows::at};

#[derive(Debug, thiserror::Error)]
pub enum TakeBackError {
    #[error("no such offer")]
    NotFound,
    #[error("accepted already")]
    Accepted,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl TakeBackError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Accepted => "passing_accepted",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// The link of the offer is dead from here on. Taking back again changes nothing.
pub async fn take_back(sv: &Services, secret: &str, offer: Uuid) -> Result<(), TakeBackError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let right = queries::right(&mut tx, secret)
        .await?
        .ok_or(TakeBackError::NotFound)?;
    tx.narrow(right.organization).await?;
    orders::lock(&mut tx, right.organization, right.order).await?;
    let offer = offers::lock(&mut tx, offer)
        .await?
        .filter(|offer| offer.order == right.order)
        .ok_or(TakeBackError::NotFound)?;
    let given =
        queries::tickets(&mut tx, right.organization, right.order, Some(offer.ticket)).await?;
    if !given.iter().any(|ticket| right.reaches(ticket)) {
        return Err(TakeBackError::NotFound);
    }
    if offer.state == "accepted" {
        return Err(TakeBackError::Accepted);
    }
    let taken = sqlx::query!(
        r#"
        update handovers set state = 'taken_back', decided_at = $3
        where organization_id = $1 and id = $2 and state = 'pending'
        "#,
        right.organization.get(),
        offer.id,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if taken.rows_affected() == 1 && offer.expires_at > sv.now() {
        tell::taken_back(sv, &mut tx, &offer).await?;
    }
    tx.commit().await?;
    Ok(())
}
