//! Signing in with mail and password.

use domain::text::{Email, Fault, FieldErrors};
use jiff::SignedDuration;

use super::{Entered, enter::enter, password, queries};
use crate::{
    Services, Unexpected,
    db::Scope,
    security_log,
    throttle::{self, Limit, TooMany},
};

/// Counted per address and mail together, so that a stranger elsewhere cannot lock the right person out.
const PER_PERSON: Limit = Limit {
    what: "sign_in",
    tries: 8,
    span: SignedDuration::from_mins(15),
};
/// Counted by the mail alone, over all addresses: many households together do not guess without end. Past it the person
/// still comes in by a mailed link or a passkey.
const PER_EMAIL: Limit = Limit {
    what: "sign_in_email",
    tries: 100,
    span: SignedDuration::from_hours(1),
};
const PER_CLIENT: Limit = Limit {
    what: "sign_in_client",
    tries: 100,
    span: SignedDuration::from_mins(15),
};

#[derive(Debug)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    pub user_agent: String,
    /// Household of the caller.
    pub client: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Something is not filled in.
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    /// Unknown mail or wrong password: the same answer.
    #[error("mail and password do not fit")]
    Wrong,
    #[error("tried too often")]
    TooMany { retry_after: u32 },
    /// The code took too long or too many tries: back to the password.
    #[error("begin again")]
    Over,
    /// Only told to those who know the password.
    #[error("the account is suspended")]
    Suspended,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<TooMany> for SignInError {
    fn from(many: TooMany) -> Self {
        Self::TooMany {
            retry_after: many.retry_after,
        }
    }
}

/// Lets somebody in, or on to the second factor, for the right mail and password.
#[tracing::instrument(skip_all)]
pub async fn sign_in(sv: &Services, cmd: SignIn) -> Result<Entered, SignInError> {
    let mut errors = FieldErrors::new();
    if cmd.email.trim().is_empty() {
        errors.add("email", Fault::Required);
    }
    if cmd.password.is_empty() {
        errors.add("password", Fault::Required);
    }
    errors.finish()?;
    let email = cmd.email.trim();
    let who = format!("{email}|{}", cmd.client);
    throttle::count(sv, &PER_CLIENT, &cmd.client).await?;
    throttle::count(sv, &PER_PERSON, &who).await?;
    throttle::count(sv, &PER_EMAIL, email).await?;

    let user = match Email::parse(&cmd.email) {
        Ok(email) => {
            let mut tx = sv.db.begin(Scope::System).await?;
            let user = queries::user_by_email(&mut tx, &email).await?;
            tx.commit().await?;
            user
        }
        Err(_) => None,
    };
    let kept = user.as_ref().and_then(|user| user.password_hash.clone());
    // No transaction is open while the hash is computed.
    if !password::fits(&cmd.password, kept).await? {
        security_log::rejected(&security_log::address(sv, &cmd.email), "password");
        return Err(SignInError::Wrong);
    }
    let user = user.ok_or(SignInError::Wrong)?;
    security_log::accepted(user.id, "password");
    if user.suspended {
        return Err(SignInError::Suspended);
    }
    throttle::forget(sv, &PER_PERSON, &who).await;
    throttle::forget(sv, &PER_EMAIL, email).await;
    let mut tx = sv.db.begin(Scope::System).await?;
    // Somebody may have set another one since it was read.
    if !queries::still_has_password(&mut tx, user.id, &user.password_hash).await? {
        return Err(SignInError::Wrong);
    }
    let entered = enter(sv, &mut tx, &user, &cmd.user_agent).await?;
    tx.commit().await?;
    Ok(entered)
}
