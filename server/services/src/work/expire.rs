//! Gives back what people kept too long.

use crate::{Services, Unexpected, checkout, orders};

/// Expires up to `limit` holds and as many unpaid orders; returns how many there were.
pub async fn expire_due(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    let holds = checkout::expire_due(sv, limit).await?;
    let orders = orders::expire_due(sv, limit).await?;
    Ok(holds + orders)
}
