//! Showing once more who one is, before something that a borrowed browser must not do.

use domain::text::{Fault, FieldErrors};
use jiff::SignedDuration;

use super::{GUESSES, SecondFactorError, take};
use crate::{
    Services,
    accounts::{SignedIn, letters, password, queries, sessions},
    db::Scope,
    security_log,
    session::Session,
    throttle::{self, Limit},
};

const PASSWORDS: Limit = Limit {
    what: "prove_again",
    tries: 8,
    span: SignedDuration::from_mins(15),
};

/// What somebody shows: a code where there is an authenticator, else the password; or a recovery code, for those whose second factor
/// is a passkey that they have lost.
#[derive(Debug)]
pub struct Proof {
    pub code: String,
    pub password: String,
}

/// The session counts as fresh again, under a new token.
#[tracing::instrument(skip_all)]
pub async fn prove_again(
    sv: &Services,
    session: &Session,
    proof: Proof,
) -> Result<SignedIn, SecondFactorError> {
    if session.has_authenticator || !proof.code.trim().is_empty() {
        return by_code(sv, session, &proof.code).await;
    }
    throttle::count(sv, &PASSWORDS, &session.user.to_string()).await?;
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let kept = queries::user(&mut tx, session.user)
        .await?
        .and_then(|row| row.password_hash);
    tx.commit().await?;
    // No transaction is open while the hash is computed.
    if !password::fits(&proof.password, kept).await? {
        security_log::rejected(&session.user.to_string(), "password");
        return Err(FieldErrors::one("password", Fault::WrongPassword).into());
    }
    security_log::accepted(session.user, "password");
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let renewed = sessions::prove(sv, &mut tx, session, false).await?;
    tx.commit().await?;
    throttle::forget(sv, &PASSWORDS, &session.user.to_string()).await;
    Ok(renewed)
}

async fn by_code(
    sv: &Services,
    session: &Session,
    code: &str,
) -> Result<SignedIn, SecondFactorError> {
    throttle::count(sv, &GUESSES, &session.user.to_string()).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some(taken) = take(sv, &mut tx, session.user, code).await? else {
        return Err(FieldErrors::one("code", Fault::WrongCode).into());
    };
    letters::recovery_code_used(sv, &mut tx, session.user, taken).await?;
    let renewed = sessions::prove(sv, &mut tx, session, true).await?;
    tx.commit().await?;
    throttle::forget(sv, &GUESSES, &session.user.to_string()).await;
    Ok(renewed)
}
