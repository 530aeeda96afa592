//! Signing in by a link that is mailed: for those who have no password, or do not want to type it here.

use domain::when::Timestamp;
use jiff::SignedDuration;

use super::{
    AccountError, Entered,
    change_email::close_new_ways,
    enter::enter,
    links::{LinkPurpose, mail_to, use_link},
    queries,
};
use crate::{Services, db::Scope, throttle::Limit};

const PER_CLIENT: Limit = Limit {
    what: "sign_in_link",
    tries: 20,
    span: SignedDuration::from_mins(60),
};
const PER_EMAIL: Limit = Limit {
    what: "sign_in_link_mail",
    tries: 4,
    span: SignedDuration::from_mins(15),
};

/// Mails a link if the address is known. The answer is the same if it is not.
#[tracing::instrument(skip_all)]
pub async fn request_sign_in_link(
    sv: &Services,
    email: &str,
    client: &str,
) -> Result<(), AccountError> {
    let limits = (&PER_CLIENT, &PER_EMAIL);
    mail_to(sv, email, client, limits, LinkPurpose::SignIn).await
}

/// Uses the link up and lets the person in; an authenticator is asked for still. Whoever reads the mail owns the
/// mailbox, so the address counts as proven.
#[tracing::instrument(skip_all)]
pub async fn sign_in_by_link(
    sv: &Services,
    token: &str,
    user_agent: &str,
) -> Result<Entered, AccountError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let used = use_link(&mut tx, LinkPurpose::SignIn, token, now)
        .await?
        .ok_or(AccountError::LinkOver)?;
    let mut user = queries::user(&mut tx, used.user)
        .await?
        .ok_or(AccountError::LinkOver)?;
    if !user.email_verified {
        // Whoever signed up with this address did not prove it, and may be somebody else: nothing of theirs opens it.
        queries::end_sessions(&mut tx, user.id, None, None, now).await?;
        queries::forget_password(&mut tx, user.id).await?;
        close_new_ways(&mut tx, user.id, Timestamp::UNIX_EPOCH).await?;
        queries::set_verified(&mut tx, user.id, now).await?;
        user.second_factor = false;
    }
    let entered = enter(sv, &mut tx, &user, user_agent).await?;
    tx.commit().await?;
    Ok(entered)
}
