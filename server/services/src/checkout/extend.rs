//! One more while for those who need it, once.

use domain::when::{Timestamp, shift};

use super::queries;
use crate::{Services, Unexpected, db::Scope};

#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    #[error("no such hold")]
    NotFound,
    #[error("the hold is over")]
    Over,
    #[error("the hold was extended already")]
    AlreadyExtended,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl ExtendError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Over => "hold_expired",
            Self::AlreadyExtended => "hold_already_extended",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Returns until when the tickets are kept now.
pub async fn extend(sv: &Services, token: &str) -> Result<Timestamp, ExtendError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let (id, organization) = queries::find(&mut tx, token)
        .await?
        .ok_or(ExtendError::NotFound)?;
    tx.narrow(organization).await?;
    let hold = queries::lock(&mut tx, organization, id)
        .await?
        .ok_or(ExtendError::NotFound)?;
    if hold.state != "active" || hold.expires_at <= sv.now() {
        return Err(ExtendError::Over);
    }
    if hold.extended {
        return Err(ExtendError::AlreadyExtended);
    }
    let expires_at = shift(hold.expires_at, sv.settings.hold_extension);
    queries::set_extended(&mut tx, organization, id, expires_at).await?;
    tx.commit().await?;
    Ok(expires_at)
}
