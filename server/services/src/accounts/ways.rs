//! What opens an account beside its mailbox, and when that must end.

use domain::{ids::UserId, when::Timestamp};

use super::{queries, queries::UserRow};
use crate::{Services, Unexpected, db::Tx};

/// Somebody has shown that the mailbox is theirs. If it is the first time, whoever signed up with the address did not, and
/// may be somebody else: nothing of theirs opens the account any more.
pub(super) async fn first_proof(
    sv: &Services,
    tx: &mut Tx,
    user: &mut UserRow,
) -> Result<(), Unexpected> {
    if user.email_verified {
        return Ok(());
    }
    let now = sv.now();
    queries::end_sessions(tx, user.id, None, None, now).await?;
    queries::forget_password(tx, user.id).await?;
    close_new_ways(tx, user.id, Timestamp::UNIX_EPOCH).await?;
    queries::set_verified(tx, user.id, now).await?;
    user.email_verified = true;
    user.second_factor = false;
    Ok(())
}

/// What was added since then opens the account no more.
pub(super) async fn close_new_ways(
    tx: &mut Tx,
    user: UserId,
    since: Timestamp,
) -> Result<(), Unexpected> {
    let since = jiff_sqlx::Timestamp::from(since);
    sqlx::query!(
        "delete from passkeys where user_id = $1 and created_at >= $2",
        user.get(),
        since as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from identities where user_id = $1 and created_at >= $2",
        user.get(),
        since as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        with gone as (
            delete from authenticators where user_id = $1 and created_at >= $2 returning user_id)
        delete from recovery_codes r using gone where r.user_id = gone.user_id
        "#,
        user.get(),
        since as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
