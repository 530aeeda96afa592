//! Questions put to a browser, such as the challenge of a passkey. The state stays here, so that no answer can be
//! replayed and no question made up; whoever brings the token may answer it once.

use domain::ids::UserId;
use jiff::SignedDuration;
use serde::{Serialize, de::DeserializeOwned};

use super::links::LinkPurpose;
use crate::{Services, Unexpected, db::Tx, seal};

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    AddPasskey,
    UsePasskey,
    SignInProvider,
    TieProvider,
    UseWallet,
    AddWallet,
    /// Whether it is the browser that signed up.
    SignUp,
    /// Whether it is the browser that asked for a link.
    AskLink,
}

impl Purpose {
    pub fn code(self) -> &'static str {
        match self {
            Self::AddPasskey => "add_passkey",
            Self::UsePasskey => "use_passkey",
            Self::SignInProvider => "sign_in_provider",
            Self::TieProvider => "tie_provider",
            Self::UseWallet => "use_wallet",
            Self::AddWallet => "add_wallet",
            Self::SignUp => "sign_up",
            Self::AskLink => "ask_link",
        }
    }

    pub fn lasts(self) -> SignedDuration {
        match self {
            // As long as the link to the mailbox.
            Self::SignUp => LinkPurpose::VerifyEmail.lasts(),
            // As long as any of these links; each ends with its own.
            Self::AskLink => LinkPurpose::ResetPassword.lasts(),
            // Long enough to fetch a key from the other room.
            _ => SignedDuration::from_mins(5),
        }
    }
}

/// Keeps the state of a question; the answer must bring the token.
pub(super) async fn put<T: Serialize>(
    sv: &Services,
    tx: &mut Tx,
    purpose: Purpose,
    user: Option<UserId>,
    state: &T,
) -> Result<String, Unexpected> {
    let (now, token) = (sv.now(), sv.new_secret());
    let state = serde_json::to_value(state).map_err(|e| Unexpected::new("challenge", e))?;
    // Those that nobody answered are cleared away on the occasion.
    sqlx::query!(
        "delete from challenges where expires_at <= $1",
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into challenges (token_hash, purpose, user_id, state, expires_at) values ($1, $2, $3, $4, $5)",
        seal::hash(&token),
        purpose.code(),
        user.map(UserId::get),
        state,
        jiff_sqlx::Timestamp::from(now + purpose.lasts()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(token)
}

/// Takes the state of a question away: there is no second answer. `None` when it is unknown, answered, too old, or was put
/// to somebody else.
pub(super) async fn take<T: DeserializeOwned>(
    sv: &Services,
    tx: &mut Tx,
    purpose: Purpose,
    user: Option<UserId>,
    token: &str,
) -> Result<Option<T>, Unexpected> {
    let state = sqlx::query_scalar!(
        r#"
        delete from challenges
        where token_hash = $1 and purpose = $2 and user_id is not distinct from $3 and expires_at > $4
        returning state
        "#,
        seal::hash(token),
        purpose.code(),
        user.map(UserId::get),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    state
        .map(|state| serde_json::from_value(state).map_err(|e| Unexpected::new("challenge", e)))
        .transpose()
}
