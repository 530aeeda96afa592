//! Another address for an account: the new one proves itself by a link, and the old one is told and can take it back.

use domain::{
    ids::UserId,
    text::{Email, Fault, FieldErrors},
    when::Timestamp,
};
use jiff::SignedDuration;

use super::{
    AccountError, HouseError, LinkAsked, house,
    letters::{self, Addressee},
    links::{self, LinkPurpose, send_link, send_to_browser, use_link, use_up_links},
    queries::{self, UserRow},
    record::record,
    ways::{close_new_ways, shut_out},
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    even::evenly,
    messaging::AccountNotice,
    orders, permit,
    session::Session,
    team,
    throttle::{self, Limit},
};

const TRIES: Limit = Limit {
    what: "change_email",
    tries: 5,
    span: SignedDuration::from_mins(60),
};

/// Whoever takes an account over adds ways in of their own before they change the address.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// Mails a link to the new address. Nothing changes before it is followed. An address that has an account gets a mail
/// that says so, and the answer is the same.
#[tracing::instrument(skip_all)]
pub async fn request_email_change(
    sv: &Services,
    session: &Session,
    email: &str,
) -> Result<(), AccountError> {
    permit::fresh(sv, session)?;
    let email = Email::parse(email).map_err(|fault| FieldErrors::one("new_email", fault))?;
    throttle::count(sv, &TRIES, &session.user.to_string()).await?;
    evenly(mail_to_new(sv, session, &email)).await
}

async fn mail_to_new(sv: &Services, session: &Session, email: &Email) -> Result<(), AccountError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = queries::user(&mut tx, session.user)
        .await?
        .ok_or(AccountError::LinkOver)?;
    if email.lookup_key() == user.email.to_lowercase() {
        return Err(FieldErrors::one("new_email", Fault::SameAsBefore).into());
    }
    match queries::user_by_email(&mut tx, email).await? {
        Some(other) if other.suspended => {}
        Some(other) => letters::account_exists(sv, &mut tx, &Addressee::of(&other)).await?,
        None => {
            let to = Addressee {
                email: email.as_str(),
                ..Addressee::of(&user)
            };
            // The account gets one address: the one that was named last.
            use_up_links(&mut tx, user.id, LinkPurpose::ChangeEmail, sv.now()).await?;
            send_link(sv, &mut tx, &to, LinkPurpose::ChangeEmail).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The account has the new address from now on; the old one is told.
#[tracing::instrument(skip_all)]
pub async fn confirm_email_change(sv: &Services, token: &str) -> Result<(), AccountError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let (user, new, _) = take_link(sv, &mut tx, LinkPurpose::ChangeEmail, token).await?;
    move_to(sv, &mut tx, &user, &new).await?;
    let restore = links::make(
        sv,
        &mut tx,
        &Addressee::of(&user),
        LinkPurpose::RestoreEmail,
    )
    .await?;
    letters::email_changed(sv, &mut tx, &Addressee::of(&user), &new, restore).await?;
    record(sv, &mut tx, user.id, "account.change_email").await?;
    tx.commit().await?;
    Ok(())
}

/// The owner of the old address says that it was not them: the account has that address again, everybody is signed out, the
/// password and what was added to open it since shortly before the change open it no more, and a link for a new password is on
/// its way. What else was there before stays: the mailbox alone must not do away with an authenticator.
///
/// Whoever moved it moved it on, perhaps: addresses that it had after this one take it back no more. Those that it had before
/// still can.
#[tracing::instrument(skip_all)]
pub async fn restore_email(sv: &Services, token: &str) -> Result<LinkAsked, AccountError> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let (user, old, changed_at) = take_link(sv, &mut tx, LinkPurpose::RestoreEmail, token).await?;
    make_room(&mut tx, &user, &old, now).await?;
    move_to(sv, &mut tx, &user, &old).await?;
    use_up_later(&mut tx, user.id, changed_at, now).await?;
    queries::forget_password(&mut tx, user.id).await?;
    close_new_ways(&mut tx, user.id, changed_at - BEFORE).await?;
    shut_out(&mut tx, user.id, None, now).await?;
    team::end_all_invitations_of(sv, &mut tx, user.id, Some(user.id)).await?;
    let to = Addressee {
        email: &old,
        ..Addressee::of(&user)
    };
    let asked = send_to_browser(sv, &mut tx, &to, LinkPurpose::ResetPassword).await?;
    record(sv, &mut tx, user.id, "account.restore_email").await?;
    tx.commit().await?;
    Ok(asked)
}

/// Whoever signed up with the old address meanwhile has not proven it, and its owner is here now: that account loses it.
async fn make_room(
    tx: &mut Tx,
    user: &UserRow,
    email: &str,
    now: Timestamp,
) -> Result<(), Unexpected> {
    let squatter = sqlx::query_scalar!(
        r#"
        update users set email = 'without-' || id || '@erased.invalid', password_hash = null
        where lower(email) = lower($2) and id <> $1 and email_verified_at is null
        returning id
        "#,
        user.id.get(),
        email
    )
    .fetch_optional(&mut **tx)
    .await?;
    if let Some(squatter) = squatter.map(UserId::new) {
        shut_out(tx, squatter, None, now).await?;
        for purpose in [
            LinkPurpose::VerifyEmail,
            LinkPurpose::SignIn,
            LinkPurpose::ResetPassword,
        ] {
            use_up_links(tx, squatter, purpose, now).await?;
        }
    }
    Ok(())
}

/// Links that take an address back and were made at that time or later are worth nothing any more.
async fn use_up_later(
    tx: &mut Tx,
    user: UserId,
    since: Timestamp,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update email_tokens set used_at = $4
        where user_id = $1 and purpose = $2 and used_at is null and created_at >= $3
        "#,
        user.get(),
        LinkPurpose::RestoreEmail.code(),
        jiff_sqlx::Timestamp::from(since) as _,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives the account of somebody who has lost their mailbox, and has no other way in, another address, after the house has seen who
/// they are. Everybody is signed out, and the password is forgotten: they ask for a new one at the new address. Both addresses are
/// told. The old one cannot take it back: it may be somebody else's by now.
#[tracing::instrument(skip_all)]
pub async fn move_account(
    sv: &Services,
    old: &str,
    new: &str,
    reason: &str,
) -> Result<(), HouseError> {
    let (Ok(old), Ok(new)) = (Email::parse(old), Email::parse(new)) else {
        return Err(HouseError::NoAddress);
    };
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = queries::user_by_email(&mut tx, &old)
        .await?
        .ok_or(HouseError::Nobody)?;
    let notice = AccountNotice::AccountMoved {
        new: new.as_str().to_owned(),
        reason: reason.to_owned(),
    };
    letters::notice(sv, &mut tx, user.id, notice.clone()).await?;
    move_to(sv, &mut tx, &user, new.as_str()).await?;
    use_up_links(&mut tx, user.id, LinkPurpose::RestoreEmail, now).await?;
    queries::forget_password(&mut tx, user.id).await?;
    shut_out(&mut tx, user.id, None, now).await?;
    letters::notice(sv, &mut tx, user.id, notice).await?;
    house::record(sv, &mut tx, user.id, "user.move", reason).await?;
    tx.commit().await?;
    Ok(())
}

/// The person of a link, the address it names, and when it was made. The link stays good when that address is taken meanwhile.
async fn take_link(
    sv: &Services,
    tx: &mut Tx,
    purpose: LinkPurpose,
    token: &str,
) -> Result<(UserRow, String, Timestamp), AccountError> {
    let used = use_link(tx, purpose, token, sv.now()).await?;
    let used = used.ok_or(AccountError::LinkOver)?;
    let user = queries::user(tx, used.user).await?;
    match (user, used.email) {
        (Some(user), Some(email)) => Ok((user, email, used.made_at)),
        _ => Err(AccountError::LinkOver),
    }
}

/// Whoever reads the mail of the new address owns it. What was bought with the old one stays in the account.
async fn move_to(
    sv: &Services,
    tx: &mut Tx,
    user: &UserRow,
    email: &str,
) -> Result<(), AccountError> {
    let now = sv.now();
    if user.email_verified {
        orders::keep_all_of(sv, tx, user.id, &user.email).await?;
    }
    let moved = sqlx::query!(
        r#"
        update users set email = $2, email_verified_at = $3
        where id = $1 and not exists (select from users other where lower(other.email) = lower($2) and other.id <> $1)
        "#,
        user.id.get(),
        email,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await
    .map_err(Unexpected::from)?;
    if moved.rows_affected() == 0 {
        return Err(AccountError::AddressTaken);
    }
    // Links on their way to the other mailbox are worth nothing any more.
    for purpose in [
        LinkPurpose::ResetPassword,
        LinkPurpose::SignIn,
        LinkPurpose::VerifyEmail,
        LinkPurpose::ChangeEmail,
    ] {
        use_up_links(tx, user.id, purpose, now).await?;
    }
    Ok(())
}
