//! Showing once more who one is, before something that a borrowed browser must not do.

use domain::text::{Fault, FieldErrors};
use jiff::SignedDuration;

use super::{GUESSES, SecondFactorError, take};
use crate::{
    Services,
    accounts::{SignedIn, password, queries, sessions},
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

/// What somebody shows: a code where there is an authenticator, else the password.
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
    if session.has_authenticator {
        throttle::count(sv, &GUESSES, &session.user.to_string()).await?;
        let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
        if take(sv, &mut tx, session.user, &proof.code)
            .await?
            .is_none()
        {
            return Err(FieldErrors::one("code", Fault::WrongCode).into());
        }
        let renewed = sessions::prove(sv, &mut tx, session, true).await?;
        tx.commit().await?;
        throttle::forget(sv, &GUESSES, &session.user.to_string()).await;
        return Ok(renewed);
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
