//! A lost password: a link by mail, then a new one. All open sessions end.

use domain::text::FieldErrors;
use jiff::SignedDuration;

use super::{
    AccountError, Entered, LinkAsked, Opened,
    asked::must_be_where_it_was_asked_for,
    enter::enter,
    letters,
    links::{LinkPurpose, link_owner, mail_to, use_link, use_up_links},
    password, queries,
    record::record,
    ways::{first_proof, shut_out},
};
use crate::{Services, db::Scope, messaging::AccountNotice, throttle::Limit};

const PER_CLIENT: Limit = Limit {
    what: "reset",
    tries: 20,
    span: SignedDuration::from_mins(60),
};
const PER_EMAIL: Limit = Limit {
    what: "reset_mail",
    tries: 3,
    span: SignedDuration::from_mins(15),
};

#[derive(Debug)]
pub struct ResetPassword {
    pub token: String,
    pub opened: Opened,
    pub password: String,
    pub user_agent: String,
}

/// Mails a link if the address is known. The answer is the same if it is not.
#[tracing::instrument(skip_all)]
pub async fn request_password_reset(
    sv: &Services,
    email: &str,
    client: &str,
) -> Result<LinkAsked, AccountError> {
    let limits = (&PER_CLIENT, &PER_EMAIL);
    mail_to(sv, email, client, limits, LinkPurpose::ResetPassword).await
}

/// Sets a new password by the link, in the browser that asked for it or with that one's digits, ends all sessions and lets the person in; an authenticator is asked for still.
/// Whoever reads the mail owns the mailbox, so the address counts as proven.
#[tracing::instrument(skip_all)]
pub async fn reset_password(sv: &Services, cmd: ResetPassword) -> Result<Entered, AccountError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let owner = link_owner(&mut tx, LinkPurpose::ResetPassword, &cmd.token, now).await?;
    let mut user = match owner {
        Some(owner) => queries::user(&mut tx, owner)
            .await?
            .ok_or(AccountError::LinkOver)?,
        None => return Err(AccountError::LinkOver),
    };
    must_be_where_it_was_asked_for(
        sv,
        &mut tx,
        LinkPurpose::ResetPassword,
        user.id,
        &cmd.token,
        &cmd.opened,
    )
    .await?;
    tx.commit().await?;
    // A weak password must not use the link up.
    password::check(sv, &cmd.password, &user.email, &user.name)
        .await
        .map_err(|fault| FieldErrors::one("password", fault))?;
    let hash = password::hash(sv, &cmd.password).await?;

    let mut tx = sv.db.begin(Scope::System).await?;
    let user_id = use_link(&mut tx, LinkPurpose::ResetPassword, &cmd.token, now)
        .await?
        .ok_or(AccountError::LinkOver)?
        .user;
    first_proof(sv, &mut tx, &mut user).await?;
    queries::set_password(&mut tx, user_id, &hash).await?;
    use_up_links(&mut tx, user_id, LinkPurpose::ResetPassword, now).await?;
    shut_out(&mut tx, user_id, None, now).await?;
    letters::notice(sv, &mut tx, user_id, AccountNotice::PasswordChanged).await?;
    record(sv, &mut tx, user_id, "account.password").await?;
    let entered = enter(sv, &mut tx, &user, &cmd.user_agent).await?;
    tx.commit().await?;
    Ok(entered)
}
