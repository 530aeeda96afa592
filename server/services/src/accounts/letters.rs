//! The mails of accounts.

use domain::ids::UserId;
use locales::Locale;
use uuid::Uuid;

use super::{LinkPurpose, link_token};
use crate::{
    Services, Unexpected,
    db::Tx,
    messaging::{MailKind, NewMail, enqueue},
};

/// Who gets the mail.
pub(super) struct Addressee<'a> {
    pub user: UserId,
    pub email: &'a str,
    pub name: &'a str,
    pub locale: Locale,
}

pub(super) async fn link(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
    purpose: LinkPurpose,
    link: Uuid,
) -> Result<(), Unexpected> {
    let name = to.name.to_owned();
    let token = link_token(sv, purpose, link);
    let kind = match purpose {
        LinkPurpose::VerifyEmail => MailKind::VerifyEmail {
            name,
            link: url(sv, &format!("/verify/{token}")),
        },
        LinkPurpose::ResetPassword => MailKind::ResetPassword {
            name,
            link: url(sv, &format!("/reset/{token}")),
        },
    };
    send(sv, tx, to, kind, format!("{}|{link}", purpose.code())).await
}

/// Tells the owner of an account that somebody signed up with their address; once an hour is enough.
pub(super) async fn account_exists(
    sv: &Services,
    tx: &mut Tx,
    to: &Addressee<'_>,
) -> Result<(), Unexpected> {
    let kind = MailKind::AlreadyRegistered {
        name: to.name.to_owned(),
        link: url(sv, "/sign-in"),
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

fn url(sv: &Services, path: &str) -> String {
    format!("{}{path}", sv.settings.public_url)
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
