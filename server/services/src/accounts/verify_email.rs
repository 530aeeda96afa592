//! Proving that a mailbox is one's own, by a link that is mailed to it.

use jiff::SignedDuration;
use locales::Locale;

use super::{
    AccountError, Entered, LinkPurpose,
    enter::enter,
    letters::{self, Addressee},
    link_token, queries,
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    session::Session,
    throttle::{self, Limit},
};

const RESEND: Limit = Limit {
    what: "resend_verification",
    tries: 3,
    span: SignedDuration::from_mins(15),
};

/// Makes a link and mails it; earlier links of the kind stop working.
pub(super) async fn send_link(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
    purpose: LinkPurpose,
) -> Result<(), Unexpected> {
    let now = sv.now();
    let lasts = match purpose {
        LinkPurpose::VerifyEmail => SignedDuration::from_hours(3 * 24),
        LinkPurpose::ResetPassword => SignedDuration::from_hours(1),
    };
    queries::use_up_links(tx, to.user, purpose, now).await?;
    let link = sv.new_id();
    queries::insert_link(
        tx,
        to.user,
        purpose,
        &link_token(sv, purpose, link),
        now,
        now + lasts,
    )
    .await?;
    letters::link(sv, tx, to, purpose, link).await
}

/// Uses the link up, marks the address as proven and lets the person in.
#[tracing::instrument(skip_all)]
pub async fn verify_email(
    sv: &Services,
    token: &str,
    user_agent: &str,
) -> Result<Entered, AccountError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = queries::use_link(&mut tx, LinkPurpose::VerifyEmail, token, now)
        .await?
        .ok_or(AccountError::LinkOver)?;
    queries::set_verified(&mut tx, user, now).await?;
    let row = queries::user(&mut tx, user)
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
        let locale = Locale::from_code(&row.locale).unwrap_or_default();
        let to = Addressee {
            user: row.id,
            email: &row.email,
            name: &row.name,
            locale,
        };
        send_link(sv, &mut tx, &to, LinkPurpose::VerifyEmail).await?;
    }
    tx.commit().await?;
    Ok(())
}
