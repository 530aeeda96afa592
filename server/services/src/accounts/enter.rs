//! What a first proof (a password, a mailed link) leads to: a session, or, where there is an authenticator, the question
//! for a code of it.

use domain::{
    ids::UserId,
    text::{Fault, FieldErrors},
    when::Timestamp,
};
use jiff::SignedDuration;

use super::{SignInError, SignedIn, letters, queries, queries::UserRow, second_factor, sessions};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    seal,
    throttle::{self, Limit},
};

/// The code must come within this time, and within so many tries.
const LASTS: SignedDuration = SignedDuration::from_mins(10);
const TRIES: i16 = 5;
/// Codes tried by one person, over all their half-done sign-ins. Only somebody with the right password gets this far, so
/// a stranger cannot use this to lock the person out.
const GUESSES: Limit = Limit {
    what: "sign_in_code",
    tries: 20,
    span: SignedDuration::from_mins(15),
};

#[derive(Debug)]
pub enum Entered {
    In(SignedIn),
    /// The first proof is good; now a code.
    CodeNeeded(HalfSignIn),
}

/// Whoever holds the token has shown the first proof, or has signed up. It goes into a cookie and is kept nowhere else.
#[derive(Debug)]
pub struct HalfSignIn {
    pub token: String,
    pub expires_at: Timestamp,
}

#[derive(Debug)]
pub struct SignInCode {
    pub token: String,
    pub code: String,
    pub user_agent: String,
}

/// Somebody has shown a first proof.
pub(super) async fn enter(
    sv: &Services,
    tx: &mut Tx,
    user: &UserRow,
    user_agent: &str,
) -> Result<Entered, Unexpected> {
    if !user.second_factor {
        let signed_in = sessions::open(sv, tx, user.id, &user.locale, user_agent, false).await?;
        return Ok(Entered::In(signed_in));
    }
    let now = sv.now();
    let half = HalfSignIn {
        token: sv.new_secret(),
        expires_at: now + LASTS,
    };
    // Those of the person that ran out are cleared away on the occasion.
    sqlx::query!(
        "delete from half_sign_ins where user_id = $1 and expires_at <= $2",
        user.id.get(),
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into half_sign_ins (token_hash, user_id, created_at, expires_at) values ($1, $2, $3, $4)",
        seal::hash(&half.token),
        user.id.get(),
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(half.expires_at) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(Entered::CodeNeeded(half))
}

/// Opens a session for the right code.
#[tracing::instrument(skip_all)]
pub async fn sign_in_with_code(sv: &Services, cmd: SignInCode) -> Result<SignedIn, SignInError> {
    if cmd.code.trim().is_empty() {
        return Err(FieldErrors::one("code", Fault::Required).into());
    }
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = sqlx::query_scalar!(
        r#"
        update half_sign_ins h set tries = tries + 1
        from users u
        where h.token_hash = $1 and h.expires_at > $2 and h.tries < $3 and u.id = h.user_id and u.suspended_at is null
        returning h.user_id
        "#,
        seal::hash(&cmd.token),
        jiff_sqlx::Timestamp::from(sv.now()) as _,
        TRIES
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    // The try counts, whatever comes of it.
    tx.commit().await?;
    let user = UserId::new(user.ok_or(SignInError::Over)?);
    throttle::count(sv, &GUESSES, &user.to_string()).await?;

    let mut tx = sv.db.begin(Scope::System).await?;
    let taken = second_factor::take(sv, &mut tx, user, &cmd.code)
        .await?
        .ok_or_else(|| FieldErrors::one("code", Fault::WrongCode))?;
    sqlx::query!(
        "delete from half_sign_ins where token_hash = $1",
        seal::hash(&cmd.token)
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let row = queries::user(&mut tx, user)
        .await?
        .ok_or(SignInError::Over)?;
    letters::recovery_code_used(sv, &mut tx, user, taken).await?;
    let signed_in = sessions::open(sv, &mut tx, user, &row.locale, &cmd.user_agent, true).await?;
    tx.commit().await?;
    throttle::forget(sv, &GUESSES, &user.to_string()).await;
    Ok(signed_in)
}
