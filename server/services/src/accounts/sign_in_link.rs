//! Signing in by a link that is mailed: for those who have no password, or do not want to type it here.

use jiff::SignedDuration;

use super::{
    AccountError, Entered, LinkAsked, Opened,
    asked::must_be_where_it_was_asked_for,
    enter::enter,
    links::{LinkPurpose, link_owner, mail_to, use_link, use_up_links},
    queries,
    ways::first_proof,
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
) -> Result<LinkAsked, AccountError> {
    let limits = (&PER_CLIENT, &PER_EMAIL);
    mail_to(sv, email, client, limits, LinkPurpose::SignIn).await
}

/// Uses the link up in the browser that asked for it, or with that one's digits, and lets the person in; an authenticator is asked for still. Whoever reads the mail owns the
/// mailbox, so the address counts as proven.
#[tracing::instrument(skip_all)]
pub async fn sign_in_by_link(
    sv: &Services,
    token: &str,
    opened: &Opened,
    user_agent: &str,
) -> Result<Entered, AccountError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let owner = link_owner(&mut tx, LinkPurpose::SignIn, token, now).await?;
    let owner = owner.ok_or(AccountError::LinkOver)?;
    must_be_where_it_was_asked_for(sv, &mut tx, LinkPurpose::SignIn, owner, token, opened).await?;
    let used = use_link(&mut tx, LinkPurpose::SignIn, token, now)
        .await?
        .ok_or(AccountError::LinkOver)?;
    let mut user = queries::user(&mut tx, used.user)
        .await?
        .ok_or(AccountError::LinkOver)?;
    use_up_links(&mut tx, user.id, LinkPurpose::SignIn, now).await?;
    let password_gone = first_proof(sv, &mut tx, &mut user).await?;
    let mut entered = enter(sv, &mut tx, &user, user_agent).await?;
    if let Entered::In(signed_in) = &mut entered {
        signed_in.password_gone = password_gone;
    }
    tx.commit().await?;
    Ok(entered)
}
