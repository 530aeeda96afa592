//! The passkeys of an account, and taking one away.

use domain::when::Timestamp;
use uuid::Uuid;

use super::PasskeyError;
use crate::{
    Services, Unexpected,
    accounts::{
        letters,
        record::record,
        ways::{forget_factors_that_are_gone, may_change_factors, shut_out},
    },
    db::Scope,
    messaging::AccountNotice,
    permit,
    session::Session,
};

/// A key as its owner knows it.
#[derive(Debug, Clone)]
pub struct PasskeyRow {
    pub id: Uuid,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// All of them, the oldest first.
pub async fn passkeys(sv: &Services, session: &Session) -> Result<Vec<PasskeyRow>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let rows = sqlx::query!(
        "select id, name, created_at, last_used_at from passkeys where user_id = $1 order by created_at, id",
        session.user.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| PasskeyRow {
            id: row.id,
            name: row.name,
            created_at: row.created_at.to_jiff(),
            last_used_at: row.last_used_at.map(|at| at.to_jiff()),
        })
        .collect())
}

/// The key opens nothing any more, and all other sessions end. `false` when it is none of theirs.
#[tracing::instrument(skip_all)]
pub async fn remove_passkey(
    sv: &Services,
    session: &Session,
    id: Uuid,
) -> Result<bool, PasskeyError> {
    permit::fresh(sv, session)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    may_change_factors(&mut tx, session).await?;
    let name = sqlx::query_scalar!(
        "delete from passkeys where id = $1 and user_id = $2 returning name",
        id,
        session.user.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let Some(name) = name else { return Ok(false) };
    forget_factors_that_are_gone(&mut tx, session.user).await?;
    // The device that is lost may have one.
    shut_out(&mut tx, session.user, Some(session.id), sv.now()).await?;
    let notice = AccountNotice::PasskeyRemoved { name };
    letters::notice(sv, &mut tx, session.user, notice).await?;
    record(sv, &mut tx, session.user, "account.passkey_removed").await?;
    tx.commit().await?;
    Ok(true)
}
