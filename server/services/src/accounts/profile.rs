//! What a person may change about their own account.

use domain::{
    ids::UserId,
    text::{Fault, FieldErrors, line},
};
use jiff::SignedDuration;
use locales::Locale;

use super::{AccountError, letters, password, queries, record::record, ways::shut_out};
use crate::{
    Services, Unexpected,
    db::Scope,
    messaging::AccountNotice,
    orders, security_log,
    session::Session,
    throttle::{self, Limit},
};

const GUESSES: Limit = Limit {
    what: "change_password",
    tries: 8,
    span: SignedDuration::from_mins(15),
};

#[derive(Debug, Clone)]
pub struct Profile {
    pub name: String,
    pub email: String,
    pub email_verified: bool,
    pub has_password: bool,
    pub locale: Locale,
}

#[derive(Debug)]
pub struct ChangePassword {
    pub current: String,
    pub new: String,
}

pub async fn profile(sv: &Services, session: &Session) -> Result<Profile, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let row = queries::user(&mut tx, session.user).await?;
    tx.commit().await?;
    let row =
        row.ok_or_else(|| Unexpected::bad_row("users", session.user, "gone while signed in"))?;
    Ok(Profile {
        name: row.name,
        email: row.email,
        email_verified: row.email_verified,
        has_password: row.password_hash.is_some(),
        locale: Locale::from_code(&row.locale).unwrap_or_default(),
    })
}

/// Whether somebody has orders and works for nobody.
pub async fn only_buys(sv: &Services, user: UserId) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(user)).await?;
    let works = sqlx::query_scalar!(
        r#"select exists (select from memberships where user_id = $1) as "works!""#,
        user.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(!works && orders::has_any(sv, user).await?)
}

pub async fn change_name(sv: &Services, session: &Session, name: &str) -> Result<(), AccountError> {
    let name = line(name, 1, 120).map_err(|fault| FieldErrors::one("name", fault))?;
    let mut tx = sv.db.begin(Scope::System).await?;
    queries::set_name(&mut tx, session.user, &name).await?;
    tx.commit().await?;
    Ok(())
}

/// The language of mails to this person.
pub async fn change_locale(
    sv: &Services,
    session: &Session,
    locale: Locale,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    queries::set_locale(&mut tx, session.user, locale).await?;
    tx.commit().await
}

/// Changes the password of someone who knows the present one; their other sessions end.
#[tracing::instrument(skip_all)]
pub async fn change_password(
    sv: &Services,
    session: &Session,
    cmd: ChangePassword,
) -> Result<(), AccountError> {
    throttle::count(sv, &GUESSES, &session.user.to_string()).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let kept = queries::user(&mut tx, session.user)
        .await?
        .and_then(|row| row.password_hash);
    tx.commit().await?;
    let mut errors = FieldErrors::new();
    errors.field(
        "new_password",
        password::check(sv, &cmd.new, &session.email, &session.name).await,
    );
    let known = kept.clone();
    if !password::fits(&cmd.current, kept).await? {
        security_log::rejected(&session.user.to_string(), "password");
        errors.add("current_password", Fault::WrongPassword);
    }
    errors.finish()?;
    let hash = password::hash(sv, &cmd.new).await?;
    let mut tx = sv.db.begin(Scope::System).await?;
    if !queries::still_has_password(&mut tx, session.user, &known).await? {
        return Err(FieldErrors::one("current_password", Fault::WrongPassword).into());
    }
    queries::set_password(&mut tx, session.user, &hash).await?;
    shut_out(&mut tx, session.user, Some(session.id), sv.now()).await?;
    letters::notice(sv, &mut tx, session.user, AccountNotice::PasswordChanged).await?;
    record(sv, &mut tx, session.user, "account.password").await?;
    tx.commit().await?;
    Ok(())
}
