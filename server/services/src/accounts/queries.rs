//! All SQL of accounts. These tables belong to no tenant.

use domain::{
    ids::{SessionId, UserId},
    text::Email,
    when::Timestamp,
};
use locales::Locale;

use crate::{Services, Unexpected, db::Tx, seal};

pub(super) struct UserRow {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub password_hash: Option<String>,
    pub locale: String,
    pub email_verified: bool,
    pub suspended: bool,
    /// An authenticator is asked for.
    pub second_factor: bool,
}

macro_rules! user {
    ($row:expr) => {
        $row.map(|row| UserRow {
            id: UserId::new(row.id),
            email: row.email,
            name: row.name,
            password_hash: row.password_hash,
            locale: row.locale,
            email_verified: row.email_verified_at.is_some(),
            suspended: row.suspended_at.is_some(),
            second_factor: row.second_factor,
        })
    };
}

pub(super) async fn user_by_email(
    tx: &mut Tx,
    email: &Email,
) -> Result<Option<UserRow>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, email, name, password_hash, locale, email_verified_at, suspended_at,
               exists (select from authenticators a where a.user_id = users.id and a.confirmed_at is not null)
                   as "second_factor!"
        from users where lower(email) = $1
        "#,
        email.lookup_key()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(user!(row))
}

pub(super) async fn user(tx: &mut Tx, id: UserId) -> Result<Option<UserRow>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, email, name, password_hash, locale, email_verified_at, suspended_at,
               exists (select from authenticators a where a.user_id = users.id and a.confirmed_at is not null)
                   as "second_factor!"
        from users where id = $1
        "#,
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(user!(row))
}

/// Adds a person; `None` when the address is known already.
pub(super) async fn insert_user(
    sv: &Services,
    tx: &mut Tx,
    email: &Email,
    name: &str,
    password_hash: Option<&str>,
    locale: Locale,
) -> Result<Option<UserId>, Unexpected> {
    let id = sqlx::query_scalar!(
        r#"
        insert into users (id, email, name, password_hash, locale, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (lower(email)) do nothing
        returning id
        "#,
        sv.new_id(),
        email.as_str(),
        name,
        password_hash,
        locale.code(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(UserId::new))
}

pub(super) async fn set_verified(
    tx: &mut Tx,
    user: UserId,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update users set email_verified_at = coalesce(email_verified_at, $2) where id = $1",
        user.get(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn set_password(tx: &mut Tx, user: UserId, hash: &str) -> Result<(), Unexpected> {
    sqlx::query!(
        "update users set password_hash = $2 where id = $1",
        user.get(),
        hash
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether the password is the one that was looked at before. The row stays locked until the transaction ends: who changes the
/// password meanwhile waits, and then ends the session that this transaction opens.
pub(super) async fn still_has_password(
    tx: &mut Tx,
    user: UserId,
    known: &Option<String>,
) -> Result<bool, Unexpected> {
    let hash = sqlx::query_scalar!(
        "select password_hash from users where id = $1 and suspended_at is null for no key update",
        user.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(hash.is_some_and(|hash| hash == *known))
}

/// The account has no password any more.
pub(super) async fn forget_password(tx: &mut Tx, user: UserId) -> Result<(), Unexpected> {
    sqlx::query!(
        "update users set password_hash = null where id = $1",
        user.get()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn set_name(tx: &mut Tx, user: UserId, name: &str) -> Result<(), Unexpected> {
    sqlx::query!("update users set name = $2 where id = $1", user.get(), name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub(super) async fn set_locale(
    tx: &mut Tx,
    user: UserId,
    locale: Locale,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update users set locale = $2 where id = $1",
        user.get(),
        locale.code()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_session(
    tx: &mut Tx,
    id: SessionId,
    user: UserId,
    token: &str,
    user_agent: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into sessions (id, user_id, token_hash, user_agent, created_at, last_seen_at, expires_at)
        values ($1, $2, $3, $4, $5, $5, $6)
        "#,
        id.get(),
        user.get(),
        seal::hash(token),
        user_agent,
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(until) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes that the person of a session has just shown who they are.
pub(super) async fn prove_session(
    tx: &mut Tx,
    id: SessionId,
    now: Timestamp,
    second_factor: bool,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update sessions
        set proved_at = $2, second_factor_at = case when $3 then $2 else second_factor_at end
        where id = $1
        "#,
        id.get(),
        jiff_sqlx::Timestamp::from(now) as _,
        second_factor
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn touch_session(
    tx: &mut Tx,
    id: SessionId,
    now: Timestamp,
    until: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update sessions set last_seen_at = $2, expires_at = $3 where id = $1",
        id.get(),
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(until) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends sessions of a person: one of them, all but one, or all.
pub(super) async fn end_sessions(
    tx: &mut Tx,
    user: UserId,
    only: Option<SessionId>,
    except: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, Unexpected> {
    let done = sqlx::query!(
        r#"
        update sessions set revoked_at = $4
        where user_id = $1 and revoked_at is null
          and ($2::uuid is null or id = $2) and ($3::uuid is null or id <> $3)
        "#,
        user.get(),
        only.map(SessionId::get),
        except.map(SessionId::get),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}
