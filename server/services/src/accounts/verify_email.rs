//! Proving that a mailbox is one's own, by a link that is mailed to it.

use domain::{
    ids::UserId,
    text::{Fault, FieldErrors},
};
use jiff::SignedDuration;

use super::{
    AccountError, Entered,
    challenges::{self, Purpose},
    enter::enter,
    letters::Addressee,
    links::{LinkPurpose, link_owner, send_link, use_link},
    password, queries,
    queries::UserRow,
    ways::first_proof,
};
use crate::{
    Services,
    db::Scope,
    security_log,
    session::Session,
    throttle::{self, Limit},
};

const RESEND: Limit = Limit {
    what: "resend_verification",
    tries: 3,
    span: SignedDuration::from_mins(15),
};

const GUESSES: Limit = Limit {
    what: "verify_password",
    tries: 8,
    span: SignedDuration::from_mins(15),
};

/// What a proven address leads to.
#[derive(Debug)]
pub enum Verified {
    /// The browser has a session of the account already.
    Here(UserId),
    Entered(Entered),
}

/// A press on the link that was mailed.
#[derive(Debug)]
pub struct VerifyEmail {
    pub token: String,
    /// What [`super::sign_up`] gave the browser to keep.
    pub signed_up: Option<String>,
    /// Asked for where the browser neither signed up nor has a session of the account.
    pub password: String,
    pub user_agent: String,
}

/// Uses the link up and marks the address as proven.
///
/// Whoever signed up is recognized by their browser, their session or the password they chose: the owner of the mailbox may press the
/// button for an account that a stranger made with their address, and must not let the stranger keep it. An account that has
/// neither becomes theirs alone.
///
/// # Errors
/// The link is over; or `password` is missing or wrong, and the link stays good.
#[tracing::instrument(skip_all)]
pub async fn verify_email(
    sv: &Services,
    session: Option<&Session>,
    cmd: VerifyEmail,
) -> Result<Verified, AccountError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let owner = link_owner(&mut tx, LinkPurpose::VerifyEmail, &cmd.token, now)
        .await?
        .ok_or(AccountError::LinkOver)?;
    let mut user = queries::user(&mut tx, owner)
        .await?
        .ok_or(AccountError::LinkOver)?;
    let here = session.is_some_and(|session| session.user == owner && session.acting.is_none());
    let signed_up: Option<()> = match &cmd.signed_up {
        Some(token) => challenges::take(sv, &mut tx, Purpose::SignUp, Some(owner), token).await?,
        None => None,
    };
    if !here && signed_up.is_none() && user.password_hash.is_some() {
        // No transaction is open while the hash is computed.
        tx.commit().await?;
        knows_password(sv, &user, &cmd.password).await?;
        tx = sv.db.begin(Scope::System).await?;
        if !queries::still_has_password(&mut tx, owner, &user.password_hash).await? {
            return Err(AccountError::LinkOver);
        }
    }
    use_link(&mut tx, LinkPurpose::VerifyEmail, &cmd.token, now)
        .await?
        .ok_or(AccountError::LinkOver)?;
    if here || signed_up.is_some() || user.password_hash.is_some() {
        queries::set_verified(&mut tx, owner, now).await?;
    } else {
        first_proof(sv, &mut tx, &mut user).await?;
    }
    let verified = if here {
        Verified::Here(owner)
    } else {
        Verified::Entered(enter(sv, &mut tx, &user, &cmd.user_agent).await?)
    };
    tx.commit().await?;
    Ok(verified)
}

async fn knows_password(sv: &Services, user: &UserRow, password: &str) -> Result<(), AccountError> {
    if password.is_empty() {
        return Err(FieldErrors::one("password", Fault::Required).into());
    }
    throttle::count(sv, &GUESSES, &user.id.to_string()).await?;
    if !password::fits(password, user.password_hash.clone()).await? {
        security_log::rejected(&user.id.to_string(), "password");
        return Err(FieldErrors::one("password", Fault::WrongPassword).into());
    }
    Ok(())
}

/// Mails another link to the signed-in person; nothing happens when the address is proven already.
pub async fn resend_verification(sv: &Services, session: &Session) -> Result<(), AccountError> {
    if session.email_verified {
        return Ok(());
    }
    throttle::count(sv, &RESEND, &session.email).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = queries::user(&mut tx, session.user).await?;
    if let Some(row) = row.filter(|row| !row.email_verified) {
        send_link(sv, &mut tx, &Addressee::of(&row), LinkPurpose::VerifyEmail).await?;
    }
    tx.commit().await?;
    Ok(())
}
