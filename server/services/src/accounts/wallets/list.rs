//! The wallets of an account, and taking one away.

use domain::when::Timestamp;

use super::{ETHEREUM, WalletError};
use crate::{
    Services, Unexpected,
    accounts::{letters, record::record},
    db::Scope,
    messaging::AccountNotice,
    permit,
    session::Session,
};

/// A wallet that opens the account.
#[derive(Debug, Clone)]
pub struct WalletRow {
    /// With the capital letters that are its checksum (ERC-55).
    pub address: String,
    pub added_at: Timestamp,
}

/// All of them, the oldest first.
pub async fn wallets(sv: &Services, session: &Session) -> Result<Vec<WalletRow>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let rows = sqlx::query!(
        r#"
        select subject, created_at from identities
        where user_id = $1 and issuer = $2
        order by created_at, subject
        "#,
        session.user.get(),
        ETHEREUM
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| WalletRow {
            address: row.subject,
            added_at: row.created_at.to_jiff(),
        })
        .collect())
}

/// The wallet opens nothing any more. `false` when it is none of theirs.
#[tracing::instrument(skip_all)]
pub async fn remove_wallet(
    sv: &Services,
    session: &Session,
    address: &str,
) -> Result<bool, WalletError> {
    permit::fresh(sv, session)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let cut = sqlx::query!(
        "delete from identities where user_id = $1 and issuer = $2 and subject = $3",
        session.user.get(),
        ETHEREUM,
        address
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if cut.rows_affected() == 0 {
        return Ok(false);
    }
    let notice = AccountNotice::WalletRemoved {
        address: address.to_owned(),
    };
    letters::notice(sv, &mut tx, session.user, notice).await?;
    record(sv, &mut tx, session.user, "account.wallet_removed").await?;
    tx.commit().await?;
    Ok(true)
}
