//! Links that are mailed to people: each is good once, for a while, for one purpose.

use domain::{
    ids::UserId,
    text::{Email, FieldErrors},
    when::Timestamp,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    AccountError, LinkAsked,
    asked::remember,
    letters::{self, Addressee},
    queries,
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    even::evenly,
    seal, security_log,
    throttle::{self, Limit},
};

/// What a link in a mail is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LinkPurpose {
    VerifyEmail,
    ResetPassword,
    SignIn,
    /// Proves the address that the account is to have.
    ChangeEmail,
    /// Gives the account the address back that it had.
    RestoreEmail,
}

impl LinkPurpose {
    pub fn code(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::SignIn => "sign_in",
            Self::ChangeEmail => "change_email",
            Self::RestoreEmail => "restore_email",
        }
    }

    pub fn lasts(self) -> SignedDuration {
        match self {
            Self::VerifyEmail | Self::RestoreEmail => SignedDuration::from_hours(3 * 24),
            Self::ResetPassword | Self::ChangeEmail => SignedDuration::from_hours(1),
            Self::SignIn => SignedDuration::from_mins(10),
        }
    }

    /// Whether the link names an address of its own: the one it is mailed to.
    fn names_address(self) -> bool {
        matches!(self, Self::ChangeEmail | Self::RestoreEmail)
    }
}

/// A link that was good until now.
pub(super) struct UsedLink {
    pub user: UserId,
    /// The address it was mailed to, where that is not the account's own.
    pub email: Option<String>,
    pub made_at: Timestamp,
}

/// Makes a link and mails it. Earlier links of the kind stay good until they run out: anybody may ask for some kinds, and would
/// end the one that is being read.
pub(super) async fn send_link(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
    purpose: LinkPurpose,
) -> Result<Uuid, Unexpected> {
    let link = make(sv, tx, to, purpose).await?;
    letters::link(sv, tx, to, purpose, link).await?;
    Ok(link)
}

/// The same, for the browser that asks.
pub(super) async fn send_to_browser(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
    purpose: LinkPurpose,
) -> Result<LinkAsked, Unexpected> {
    let link = send_link(sv, tx, to, purpose).await?;
    remember(sv, tx, purpose, Some((to.user, link))).await
}

/// Mails a link if the address is known. The answer is the same if it is not.
pub(super) async fn mail_to(
    sv: &Services,
    email: &str,
    client: &str,
    (per_client, per_email): (&Limit, &Limit),
    purpose: LinkPurpose,
) -> Result<LinkAsked, AccountError> {
    let email = Email::parse(email).map_err(|fault| FieldErrors::one("email", fault))?;
    throttle::count(sv, per_client, client).await?;
    throttle::count(sv, per_email, email.as_str()).await?;
    evenly(async {
        let mut tx = sv.db.begin(Scope::System).await?;
        let user = queries::user_by_email(&mut tx, &email).await?;
        let asked = match user.filter(|user| !user.suspended) {
            Some(user) => send_to_browser(sv, &mut tx, &Addressee::of(&user), purpose).await?,
            None => remember(sv, &mut tx, purpose, None).await?,
        };
        tx.commit().await?;
        Ok(asked)
    })
    .await
}

/// Makes a link without mailing it.
pub(super) async fn make(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
    purpose: LinkPurpose,
) -> Result<Uuid, Unexpected> {
    let (now, link) = (sv.now(), sv.new_id());
    sqlx::query!(
        r#"
        insert into email_tokens (token_hash, user_id, purpose, email, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        seal::hash(&sv.seal.derive(&about(purpose, link))),
        to.user.get(),
        purpose.code(),
        purpose.names_address().then_some(to.email),
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(now + purpose.lasts()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(link)
}

/// What the token of a link is made from.
pub(super) fn about(purpose: LinkPurpose, link: Uuid) -> String {
    format!("{}|{link}", purpose.code())
}

/// Uses a link up; `None` when it is unknown, used, too old or its person may not come in.
pub(super) async fn use_link(
    tx: &mut Tx,
    purpose: LinkPurpose,
    token: &str,
    now: Timestamp,
) -> Result<Option<UsedLink>, Unexpected> {
    let used = sqlx::query!(
        r#"
        update email_tokens t set used_at = $3
        from users u
        where t.token_hash = $1 and t.purpose = $2 and t.used_at is null and t.expires_at > $3
          and u.id = t.user_id and u.suspended_at is null
        returning t.user_id, t.email, t.created_at
        "#,
        seal::hash(token),
        purpose.code(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    match &used {
        Some(row) => security_log::accepted(UserId::new(row.user_id), purpose.code()),
        None => security_log::rejected("", purpose.code()),
    }
    Ok(used.map(|row| UsedLink {
        user: UserId::new(row.user_id),
        email: row.email,
        made_at: row.created_at.to_jiff(),
    }))
}

/// Whose link it is, without using it up.
pub(super) async fn link_owner(
    tx: &mut Tx,
    purpose: LinkPurpose,
    token: &str,
    now: Timestamp,
) -> Result<Option<UserId>, Unexpected> {
    let user = sqlx::query_scalar!(
        r#"
        select t.user_id from email_tokens t
        join users u on u.id = t.user_id
        where t.token_hash = $1 and t.purpose = $2 and t.used_at is null and t.expires_at > $3
          and u.suspended_at is null
        for update of t
        "#,
        seal::hash(token),
        purpose.code(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    if user.is_none() {
        security_log::rejected("", purpose.code());
    }
    Ok(user.map(UserId::new))
}

/// Makes all open links of a kind useless.
pub(super) async fn use_up_links(
    tx: &mut Tx,
    user: UserId,
    purpose: LinkPurpose,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update email_tokens set used_at = $3 where user_id = $1 and purpose = $2 and used_at is null",
        user.get(),
        purpose.code(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
