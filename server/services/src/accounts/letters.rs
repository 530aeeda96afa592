//! The mails of accounts.

use domain::ids::UserId;
use locales::Locale;
use uuid::Uuid;

use super::{
    links::{LinkPurpose, about},
    queries,
    queries::UserRow,
    second_factor::Taken,
};
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{AccountNotice, Link, MailKind, NewMail, enqueue},
};

/// Who gets the mail.
pub(super) struct Addressee<'a> {
    pub user: UserId,
    pub email: &'a str,
    pub name: &'a str,
    pub locale: Locale,
}

impl<'a> Addressee<'a> {
    /// At the address of their account, in their language.
    pub fn of(user: &'a UserRow) -> Self {
        Self {
            user: user.id,
            email: &user.email,
            name: &user.name,
            locale: Locale::from_code(&user.locale).unwrap_or_default(),
        }
    }
}

pub(super) async fn link(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
    purpose: LinkPurpose,
    link: Uuid,
) -> Result<(), Unexpected> {
    let name = to.name.to_owned();
    let id = link;
    let link = there(purpose, id);
    let kind = match purpose {
        LinkPurpose::VerifyEmail => MailKind::VerifyEmail { name, link },
        LinkPurpose::ResetPassword => MailKind::ResetPassword { name, link },
        LinkPurpose::SignIn => MailKind::SignInLink { name, link },
        LinkPurpose::ChangeEmail => MailKind::ChangeEmail { name, link },
        // It goes with the notice: see `email_changed`.
        LinkPurpose::RestoreEmail => return Ok(()),
    };
    send(sv, tx, to, kind, about(purpose, id)).await
}

/// Tells the old address that the account has another one now, and how to take that back.
pub(super) async fn email_changed(
    sv: &Services,
    tx: &mut Tx,
    old: &Addressee<'_>,
    new: &str,
    restore: Uuid,
) -> Result<(), Unexpected> {
    let kind = MailKind::EmailChanged {
        name: old.name.to_owned(),
        new: new.to_owned(),
        link: there(LinkPurpose::RestoreEmail, restore),
    };
    send(sv, tx, old, kind, format!("email_changed|{restore}")).await
}

/// Where a link leads.
fn there(purpose: LinkPurpose, link: Uuid) -> Link {
    let path = match purpose {
        LinkPurpose::VerifyEmail => "/verify/",
        LinkPurpose::ResetPassword => "/reset/",
        LinkPurpose::SignIn => "/sign-in/link/",
        LinkPurpose::ChangeEmail => "/account/email/",
        LinkPurpose::RestoreEmail => "/account/email/restore/",
    };
    Link::secret(path, about(purpose, link))
}

/// Tells the owner of an account that somebody signed up with their address; once an hour is enough.
pub(super) async fn account_exists(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
) -> Result<(), Unexpected> {
    let kind = MailKind::AlreadyRegistered {
        name: to.name.to_owned(),
        link: Link::page("/sign-in"),
    };
    let hour = sv.now().as_second() / 3600;
    send(
        sv,
        tx,
        to,
        kind,
        format!("already_registered|{}|{hour}", to.user),
    )
    .await
}

/// Tells the person of a change that they should know of, in case it was not them.
pub(super) async fn notice(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    notice: AccountNotice,
) -> Result<(), Unexpected> {
    let Some(user) = queries::user(tx, user).await? else {
        return Ok(());
    };
    let to = Addressee::of(&user);
    let kind = MailKind::AccountNotice {
        name: user.name.clone(),
        notice,
        link: Link::page("/account/security"),
    };
    send(sv, tx, &to, kind, format!("notice|{}", sv.new_id())).await
}

/// Tells the person that a recovery code was used, where it was one.
pub(super) async fn recovery_code_used(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    taken: Taken,
) -> Result<(), Unexpected> {
    match taken {
        Taken::Authenticator => Ok(()),
        Taken::Recovery { left } => {
            let left = u64::try_from(left).unwrap_or(0);
            notice(sv, tx, user, AccountNotice::RecoveryCodeUsed { left }).await
        }
    }
}

async fn send(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
    kind: MailKind,
    dedupe_key: String,
) -> Result<(), Unexpected> {
    let mail = NewMail {
        kind,
        dedupe_key,
        recipient: to.email.to_owned(),
        locale: to.locale,
        organization: None,
        order: None,
    };
    enqueue(sv, tx, mail).await
}
