//! How it stands with a person's second factor.

use crate::{
    Services, Unexpected, accounts::ways::has_factor, db::Scope, permit, seal, session::Session,
};

use super::{WAITS, codes::place, recovery::in_groups};

/// What the security page shows.
#[derive(Debug, Clone)]
pub struct SecondFactor {
    /// Since when an authenticator is asked for.
    pub since: Option<domain::when::Timestamp>,
    /// What was begun and still waits for its first code. Not for those who look as somebody else, and not without a fresh proof:
    /// who knows it has the device's codes.
    pub begun: Option<super::NewAuthenticator>,
    /// There is a second factor, and this session has not shown it: it changes none.
    pub not_shown: bool,
    pub recovery_codes_left: i64,
}

pub async fn second_factor(sv: &Services, session: &Session) -> Result<SecondFactor, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let row = sqlx::query!(
        "select secret_sealed, created_at, confirmed_at from authenticators where user_id = $1",
        session.user.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    let left = sqlx::query_scalar!(
        r#"select count(*) as "count!" from recovery_codes where user_id = $1 and used_at is null"#,
        session.user.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    let has = has_factor(&mut tx, session.user).await?;
    tx.commit().await?;
    let fresh = permit::fresh(sv, session).is_ok();
    let (since, begun) = match row {
        None => (None, None),
        Some(row) => match row.confirmed_at {
            Some(at) => (Some(at.to_jiff()), None),
            None if !fresh || row.created_at.to_jiff() <= sv.now() - WAITS => (None, None),
            None => {
                let secret = sv.seal.open(&place(session.user), &row.secret_sealed)?;
                (None, Some(made(session, &secret)))
            }
        },
    };
    Ok(SecondFactor {
        not_shown: has && !session.has_second_factor,
        since,
        begun,
        recovery_codes_left: left,
    })
}

/// The secret as authenticators read it: in a picture's address (Key URI format) and to be typed.
pub(super) fn made(session: &Session, secret: &[u8]) -> super::NewAuthenticator {
    let secret = seal::base32(secret).to_uppercase();
    let account: String = session
        .email
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    super::NewAuthenticator {
        uri: format!("otpauth://totp/Bilten:{account}?secret={secret}&issuer=Bilten"),
        typed: in_groups(&secret).replace('-', " "),
    }
}
