//! Turning an authenticator on and off.

use domain::{
    ids::UserId,
    text::{Fault, FieldErrors},
};
use totp_rs::Secret;

use super::{
    GUESSES, SecondFactorError, codes,
    codes::{SECRET_BYTES, place, take},
    lost, recovery,
};
use crate::{
    Services, Unexpected,
    accounts::{
        letters, queries,
        record::record,
        ways::{may_change_factors, shut_out},
    },
    db::{Scope, Tx},
    messaging::AccountNotice,
    permit,
    session::Session,
    throttle,
};

/// A secret that a device has to learn.
#[derive(Debug, Clone)]
pub struct NewAuthenticator {
    /// For the picture that a device reads.
    pub uri: String,
    /// The same to be typed.
    pub typed: String,
}

/// Makes a secret. It counts for nothing before a code shows, within a quarter of an hour, that a device has it; beginning anew
/// makes another.
pub async fn begin_authenticator(
    sv: &Services,
    session: &Session,
) -> Result<(), SecondFactorError> {
    permit::fresh(sv, session)?;
    let mut secret = [0; SECRET_BYTES];
    sv.entropy.fill(&mut secret);
    let sealed = sv.seal.seal(&*sv.entropy, &place(session.user), &secret)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    may_change_factors(&mut tx, session).await?;
    let written = sqlx::query!(
        r#"
        insert into authenticators (user_id, secret_sealed, created_at) values ($1, $2, $3)
        on conflict on constraint authenticators_pkey do update
        set secret_sealed = excluded.secret_sealed, created_at = excluded.created_at, last_step = 0
        where authenticators.confirmed_at is null
        "#,
        session.user.get(),
        sealed,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    if written.rows_affected() == 0 {
        return Err(SecondFactorError::NotNow);
    }
    Ok(())
}

/// Gives somebody a confirmed authenticator with this key (base 32): for sample data only.
pub(crate) async fn give_authenticator(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    key: &str,
) -> Result<(), Unexpected> {
    let secret = Secret::try_from_base32(key).map_err(|e| Unexpected::new("key", e.to_string()))?;
    let sealed = sv.seal.seal(&*sv.entropy, &place(user), secret.as_ref())?;
    let now = jiff_sqlx::Timestamp::from(sv.now());
    sqlx::query!(
        r#"
        insert into authenticators (user_id, secret_sealed, created_at, confirmed_at) values ($1, $2, $3, $3)
        on conflict on constraint authenticators_pkey do nothing
        "#,
        user.get(),
        sealed,
        now as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The first code is right: from now on signing in asks for one. Other sessions end; ten recovery codes are the answer.
#[tracing::instrument(skip_all)]
pub async fn confirm_authenticator(
    sv: &Services,
    session: &Session,
    code: &str,
) -> Result<Vec<String>, SecondFactorError> {
    permit::fresh(sv, session)?;
    throttle::count(sv, &GUESSES, &session.user.to_string()).await?;
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    may_change_factors(&mut tx, session).await?;
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if !codes::authenticator(sv, &mut tx, session.user, &digits, false).await? {
        return Err(FieldErrors::one("code", Fault::WrongCode).into());
    }
    sqlx::query!(
        "update authenticators set confirmed_at = $2 where user_id = $1",
        session.user.get(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let codes = recovery::renew(sv, &mut tx, session.user).await?;
    shut_out(&mut tx, session.user, Some(session.id), now).await?;
    queries::prove_session(&mut tx, session.id, now, true).await?;
    letters::notice(sv, &mut tx, session.user, AccountNotice::SecondFactorOn).await?;
    record(sv, &mut tx, session.user, "account.second_factor_on").await?;
    tx.commit().await?;
    throttle::forget(sv, &GUESSES, &session.user.to_string()).await;
    Ok(codes)
}

/// Nothing but the password is asked for any more. Needs a code, so that a borrowed browser cannot do it.
#[tracing::instrument(skip_all)]
pub async fn turn_off_authenticator(
    sv: &Services,
    session: &Session,
    code: &str,
) -> Result<(), SecondFactorError> {
    let mut tx = with_code(sv, session, code).await?;
    lost::drop_authenticator(&mut tx, session.user).await?;
    letters::notice(sv, &mut tx, session.user, AccountNotice::SecondFactorOff).await?;
    record(sv, &mut tx, session.user, "account.second_factor_off").await?;
    tx.commit().await?;
    Ok(())
}

/// Ten new recovery codes; the earlier ones are worth nothing any more. A code is asked for where there is an authenticator, and
/// else a session that has shown a second factor a short while ago.
#[tracing::instrument(skip_all)]
pub async fn renew_recovery_codes(
    sv: &Services,
    session: &Session,
    code: &str,
) -> Result<Vec<String>, SecondFactorError> {
    let mut tx = if session.has_authenticator {
        with_code(sv, session, code).await?
    } else {
        with_passkey(sv, session).await?
    };
    let codes = recovery::renew(sv, &mut tx, session.user).await?;
    record(sv, &mut tx, session.user, "account.recovery_codes").await?;
    tx.commit().await?;
    Ok(codes)
}

/// A transaction of somebody who has shown the passkey, or a recovery code in its place, a short while ago.
async fn with_passkey(sv: &Services, session: &Session) -> Result<Tx, SecondFactorError> {
    permit::fresh(sv, session)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    if may_change_factors(&mut tx, session).await? {
        return Err(SecondFactorError::NotNow);
    }
    Ok(tx)
}

/// A transaction of somebody who has just shown a code.
async fn with_code(sv: &Services, session: &Session, code: &str) -> Result<Tx, SecondFactorError> {
    throttle::count(sv, &GUESSES, &session.user.to_string()).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    if take(sv, &mut tx, session.user, code).await?.is_none() {
        return Err(FieldErrors::one("code", Fault::WrongCode).into());
    }
    throttle::forget(sv, &GUESSES, &session.user.to_string()).await;
    Ok(tx)
}
