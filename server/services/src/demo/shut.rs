//! Shuts the accounts of the sample, for a database that goes from trying out to production.

use super::{SIGN_INS, queries};
use crate::{Services, Unexpected, db::Scope};

/// Suspends those that are still open and ends their sessions: everybody knows their passwords. How many there were.
pub async fn shut(sv: &Services) -> Result<u64, Unexpected> {
    let emails = SIGN_INS.map(|one| one.email.to_owned());
    let mut tx = sv.db.begin(Scope::System).await?;
    let shut = queries::suspend(&mut tx, &emails, sv.now()).await?;
    tx.commit().await?;
    Ok(shut)
}
