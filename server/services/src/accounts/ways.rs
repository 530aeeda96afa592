//! What opens an account beside its mailbox, and when that must end.

use domain::{
    ids::{SessionId, UserId},
    when::Timestamp,
};

use super::{
    letters,
    links::{LinkPurpose, use_up_links},
    queries,
    queries::UserRow,
};
use crate::{
    Services, Unexpected, db::Tx, messaging::AccountNotice, permit::Refused, session::Session,
};

/// Ends sessions for safety's sake: all of the person's, or all but one. With them goes what was begun in them: sign-ins
/// that wait for a code, and links that would give the account another address.
pub(crate) async fn shut_out(
    tx: &mut Tx,
    user: UserId,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, Unexpected> {
    sqlx::query!("delete from half_sign_ins where user_id = $1", user.get())
        .execute(&mut **tx)
        .await?;
    use_up_links(tx, user, LinkPurpose::ChangeEmail, now).await?;
    queries::end_sessions(tx, user, None, except, now).await
}

/// Somebody has shown that the mailbox is theirs. If it is the first time, whoever signed up with the address did not, and
/// may be somebody else: nothing of theirs opens the account any more. The person hears of it, as it may have been them.
/// Whether a password was taken away.
pub(super) async fn first_proof(
    sv: &Services,
    tx: &mut Tx,
    user: &mut UserRow,
) -> Result<bool, Unexpected> {
    if user.email_verified {
        return Ok(false);
    }
    let now = sv.now();
    // The password first: a sign-in that still found it waits for this row, and its session ends below.
    queries::forget_password(tx, user.id).await?;
    let closed = close_new_ways(tx, user.id, Timestamp::UNIX_EPOCH).await?;
    shut_out(tx, user.id, None, now).await?;
    queries::set_verified(tx, user.id, now).await?;
    let had_password = user.password_hash.take().is_some();
    user.email_verified = true;
    user.second_factor = false;
    if had_password || closed {
        letters::notice(sv, tx, user.id, AccountNotice::EarlierWaysClosed).await?;
    }
    Ok(had_password)
}

/// What was added since then opens the account no more. Whether there was anything.
pub(super) async fn close_new_ways(
    tx: &mut Tx,
    user: UserId,
    since: Timestamp,
) -> Result<bool, Unexpected> {
    let since = jiff_sqlx::Timestamp::from(since);
    let passkeys = sqlx::query!(
        "delete from passkeys where user_id = $1 and created_at >= $2",
        user.get(),
        since as _
    )
    .execute(&mut **tx)
    .await?;
    let identities = sqlx::query!(
        "delete from identities where user_id = $1 and created_at >= $2",
        user.get(),
        since as _
    )
    .execute(&mut **tx)
    .await?;
    let authenticators = sqlx::query!(
        "delete from authenticators where user_id = $1 and created_at >= $2",
        user.get(),
        since as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from recovery_codes where user_id = $1 and created_at >= $2",
        user.get(),
        since as _
    )
    .execute(&mut **tx)
    .await?;
    forget_factors_that_are_gone(tx, user).await?;
    let gone =
        passkeys.rows_affected() + identities.rows_affected() + authenticators.rows_affected();
    Ok(gone > 0)
}

/// Whether the account has a second factor: a passkey, or an authenticator that has shown a code.
pub(super) async fn has_factor(tx: &mut Tx, user: UserId) -> Result<bool, Unexpected> {
    let has = sqlx::query_scalar!(
        r#"
        select (exists (select from passkeys where user_id = $1)
                or exists (select from authenticators where user_id = $1 and confirmed_at is not null)) as "has!"
        "#,
        user.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(has)
}

/// Asked before a second factor is added or taken away. Where there is one, it takes a session that has shown it: otherwise a
/// password alone would make itself two factors. Whether this is the first; the account's row stays locked, so that it stays so.
pub(super) async fn may_change_factors(tx: &mut Tx, session: &Session) -> Result<bool, Refused> {
    sqlx::query!(
        r#"select id as "locked!" from users where id = $1 for no key update"#,
        session.user.get()
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    let has = has_factor(tx, session.user).await?;
    if has && !session.has_second_factor {
        return Err(Refused::FactorNotShown);
    }
    Ok(!has)
}

/// Whoever has nothing left that is a second factor has shown none any more, and has no use for recovery codes.
pub(super) async fn forget_factors_that_are_gone(
    tx: &mut Tx,
    user: UserId,
) -> Result<(), Unexpected> {
    if has_factor(tx, user).await? {
        return Ok(());
    }
    sqlx::query!(
        "update sessions set second_factor_at = null where user_id = $1",
        user.get()
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!("delete from recovery_codes where user_id = $1", user.get())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
