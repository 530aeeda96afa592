//! Proving that a mailbox is one's own, by a link that is mailed to it.

use jiff::SignedDuration;

use super::{
    AccountError, Entered,
    enter::enter,
    letters::Addressee,
    links::{LinkPurpose, send_link, use_link},
    queries,
};
use crate::{
    Services,
    db::Scope,
    session::Session,
    throttle::{self, Limit},
};

const RESEND: Limit = Limit {
    what: "resend_verification",
    tries: 3,
    span: SignedDuration::from_mins(15),
};

/// Uses the link up, marks the address as proven and lets the person in.
#[tracing::instrument(skip_all)]
pub async fn verify_email(
    sv: &Services,
    token: &str,
    user_agent: &str,
) -> Result<Entered, AccountError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let used = use_link(&mut tx, LinkPurpose::VerifyEmail, token, now)
        .await?
        .ok_or(AccountError::LinkOver)?;
    queries::set_verified(&mut tx, used.user, now).await?;
    let row = queries::user(&mut tx, used.user)
        .await?
        .ok_or(AccountError::LinkOver)?;
    let entered = enter(sv, &mut tx, &row, user_agent).await?;
    tx.commit().await?;
    Ok(entered)
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
