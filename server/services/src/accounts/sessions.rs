//! Open sessions: a cookie's token stands for a row; the row says whether it still counts.

use domain::{
    ids::{SessionId, UserId},
    when::Timestamp,
};
use jiff::SignedDuration;

use super::{queries, ways::shut_out};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    permit::{self, Refused},
    seal, security_log,
    session::{Acting, Session},
};

/// A session ends when nobody used it for this long.
const IDLE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// It ends after this however much it was used.
const ABSOLUTE: SignedDuration = SignedDuration::from_hours(180 * 24);
/// The last use is written at most this often.
const TOUCH: SignedDuration = SignedDuration::from_mins(5);

/// A new session. The token goes into the cookie and is kept nowhere else.
#[derive(Debug)]
pub struct SignedIn {
    pub token: String,
    pub session: SessionId,
    pub user: UserId,
    pub expires_at: Timestamp,
    pub locale: locales::Locale,
    /// The password that the account had was taken away: whoever chose it had not proven the address.
    pub password_gone: bool,
}

/// A row of "where you are signed in".
#[derive(Debug, Clone)]
pub struct OpenSession {
    pub id: SessionId,
    pub user_agent: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// Somebody of the platform, who looks to help.
    pub support: bool,
    pub current: bool,
}

pub(super) async fn open(
    sv: &Services,
    tx: &mut Tx,
    user: UserId,
    locale: &str,
    user_agent: &str,
    second_factor: bool,
) -> Result<SignedIn, Unexpected> {
    let now = sv.now();
    let token = sv.new_secret();
    let session = SessionId::new(sv.new_id());
    let expires_at = now + IDLE;
    let user_agent: String = user_agent
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    queries::insert_session(tx, session, user, &token, &user_agent, now, expires_at).await?;
    queries::prove_session(tx, session, now, second_factor).await?;
    security_log::began(user, session, second_factor);
    let locale = locales::Locale::from_code(locale).unwrap_or_default();
    Ok(SignedIn {
        token,
        session,
        user,
        expires_at,
        locale,
        password_gone: false,
    })
}

/// Somebody has shown once more who they are: the session has a new token, and the one that others may have seen before is
/// worth nothing any more.
pub(super) async fn prove(
    sv: &Services,
    tx: &mut Tx,
    session: &Session,
    second_factor: bool,
) -> Result<SignedIn, Unexpected> {
    let now = sv.now();
    let token = sv.new_secret();
    queries::prove_session(tx, session.id, now, second_factor).await?;
    let row = sqlx::query!(
        r#"
        update sessions s set token_hash = $2 from users u
        where s.id = $1 and u.id = s.user_id
        returning s.expires_at, u.locale
        "#,
        session.id.get(),
        seal::hash(&token)
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(SignedIn {
        token,
        session: session.id,
        user: session.user,
        expires_at: row.expires_at.to_jiff(),
        locale: locales::Locale::from_code(&row.locale).unwrap_or_default(),
        password_gone: false,
    })
}

/// Who a cookie's token stands for, if it still counts. Using a session makes it last longer.
pub async fn session_by_token(sv: &Services, token: &str) -> Result<Option<Session>, Unexpected> {
    // Not one of ours: no need to ask the database.
    if token.len() != 32 || !token.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        r#"
        select s.id, s.created_at, s.last_seen_at, coalesce(s.proved_at, s.created_at) as "proved_at!", u.id as user_id, u.name, u.email,
               u.email_verified_at, u.is_platform_admin, s.second_factor_at is not null as "has_second_factor!",
               a.user_id is not null as "has_authenticator!", s.acted_by, s.expires_at
        from sessions s
        join users u on u.id = s.user_id
        left join users admin on admin.id = s.acted_by
        left join authenticators a on a.user_id = u.id and a.confirmed_at is not null
        where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2 and u.suspended_at is null
          and (a.user_id is null or s.second_factor_at is not null)
          and (s.acted_by is null or (admin.is_platform_admin and admin.suspended_at is null))
        "#,
        seal::hash(token),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let id = SessionId::new(row.id);
    // Looking as somebody else has its time, however much it is used.
    if row.acted_by.is_none() && now.duration_since(row.last_seen_at.to_jiff()) >= TOUCH {
        let until = (now + IDLE).min(row.created_at.to_jiff() + ABSOLUTE);
        queries::touch_session(&mut tx, id, now, until).await?;
    }
    tx.commit().await?;
    Ok(Some(Session {
        id,
        user: UserId::new(row.user_id),
        name: row.name,
        email: row.email,
        email_verified: row.email_verified_at.is_some(),
        platform_admin: row.is_platform_admin,
        has_second_factor: row.has_second_factor,
        has_authenticator: row.has_authenticator,
        acting: row.acted_by.map(|by| Acting {
            by: UserId::new(by),
            until: row.expires_at.to_jiff(),
        }),
        proved_at: row.proved_at.to_jiff(),
    }))
}

/// The person's open sessions, the latest used first.
pub async fn sessions(sv: &Services, session: &Session) -> Result<Vec<OpenSession>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let rows = sqlx::query!(
        r#"
        select id, user_agent, created_at, last_seen_at, acted_by is not null as "support!" from sessions
        where user_id = $1 and revoked_at is null and expires_at > $2
        order by last_seen_at desc, id desc
        limit 50
        "#,
        session.user.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(rows
        .into_iter()
        .map(|row| OpenSession {
            id: SessionId::new(row.id),
            user_agent: row.user_agent,
            created_at: row.created_at.to_jiff(),
            last_seen_at: row.last_seen_at.to_jiff(),
            support: row.support,
            current: row.id == session.id.get(),
        })
        .collect())
}

/// Ends this session.
pub async fn sign_out(sv: &Services, session: &Session) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    queries::end_sessions(&mut tx, session.user, Some(session.id), None, sv.now()).await?;
    tx.commit().await
}

/// Ends one of the person's sessions; `false` when it is none of theirs or has ended already.
pub async fn revoke_session(
    sv: &Services,
    session: &Session,
    id: SessionId,
) -> Result<bool, Refused> {
    permit::fresh(sv, session)?;
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let ended = queries::end_sessions(&mut tx, session.user, Some(id), None, sv.now()).await?;
    tx.commit().await?;
    Ok(ended > 0)
}

/// Ends all sessions of the person but this one.
pub async fn revoke_other_sessions(sv: &Services, session: &Session) -> Result<u64, Refused> {
    permit::fresh(sv, session)?;
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let ended = shut_out(&mut tx, session.user, Some(session.id), sv.now()).await?;
    tx.commit().await?;
    Ok(ended)
}
