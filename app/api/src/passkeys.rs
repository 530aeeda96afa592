//! Passkeys: adding and removing them, signing in, and showing with one who one is. The browser's part stands in the
//! pages: they ask for a question, hand it to the browser, and send its answer as a form.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{ApiError, security::RecoveryCodesView};

/// A question for the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyQuestion {
    /// Comes back with the answer.
    pub token: String,
    /// What the browser's function takes, as JSON.
    pub options: String,
}

/// A key of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyView {
    pub id: String,
    pub name: String,
    /// Date it was added (UTC).
    pub added: jiff::civil::Date,
    /// Date of the last use (UTC).
    pub used: Option<jiff::civil::Date>,
}

/// Asks for a new key.
#[server]
pub async fn begin_passkey() -> Result<PasskeyQuestion, ApiError> {
    let ctx = crate::ctx()?;
    let question = services::accounts::begin_passkey(&ctx.services, ctx.session()?).await?;
    Ok(question.into())
}

/// Keeps the key that the browser made. The answer has recovery codes if it is the first second factor, and else none.
#[server]
pub async fn add_passkey(
    token: String,
    credential: String,
    #[server(default)] passkey_name: String,
) -> Result<RecoveryCodesView, ApiError> {
    let ctx = crate::ctx()?;
    let name = if passkey_name.trim().is_empty() {
        crate::accounts::browser(&crate::accounts::user_agent())
    } else {
        passkey_name
    };
    let cmd = services::accounts::NewPasskey {
        token,
        credential,
        name,
    };
    let codes = services::accounts::add_passkey(&ctx.services, ctx.session()?, cmd).await?;
    Ok(RecoveryCodesView { codes })
}

/// Removes a key of the account.
#[server]
pub async fn remove_passkey(id: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let session = ctx.session()?;
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    if services::accounts::remove_passkey(&ctx.services, session, id).await? {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}

/// Asks for any key of this site.
#[server]
pub async fn begin_passkey_sign_in() -> Result<PasskeyQuestion, ApiError> {
    let ctx = crate::ctx()?;
    let client = crate::accounts::client(&ctx);
    let question = services::accounts::begin_passkey_sign_in(&ctx.services, &client).await?;
    Ok(question.into())
}

/// Signs in with the key that answered.
#[server]
pub async fn sign_in_passkey(
    token: String,
    credential: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let answer = answer(token, credential);
    let signed_in = services::accounts::sign_in_by_passkey(&ctx.services, answer).await?;
    crate::accounts::enter(&ctx, &signed_in, &next).await
}

/// Shows once more who one is, and goes on to what asked for it.
#[server]
pub async fn prove_passkey(
    token: String,
    credential: String,
    #[server(default)] next: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let answer = answer(token, credential);
    let renewed =
        services::accounts::prove_by_passkey(&ctx.services, ctx.session()?, answer).await?;
    crate::context::set_session_cookie(&ctx, &renewed)?;
    crate::context::redirect(if next.is_empty() { "/account" } else { &next });
    Ok(())
}

#[cfg(feature = "ssr")]
fn answer(token: String, credential: String) -> services::accounts::PasskeyAnswer {
    services::accounts::PasskeyAnswer {
        token,
        credential,
        user_agent: crate::accounts::user_agent(),
    }
}

#[cfg(feature = "ssr")]
mod make {
    use services::accounts::{self, PasskeyError, PasskeyRow};

    use super::{PasskeyQuestion, PasskeyView};
    use crate::{ApiError, ErrorKind};

    impl From<accounts::PasskeyQuestion> for PasskeyQuestion {
        fn from(question: accounts::PasskeyQuestion) -> Self {
            Self {
                token: question.token,
                options: question.options.to_string(),
            }
        }
    }

    impl From<PasskeyRow> for PasskeyView {
        fn from(row: PasskeyRow) -> Self {
            let date = |at| jiff::tz::Offset::UTC.to_datetime(at).date();
            Self {
                id: row.id.to_string(),
                name: row.name,
                added: date(row.created_at),
                used: row.last_used_at.map(date),
            }
        }
    }

    impl From<PasskeyError> for ApiError {
        fn from(e: PasskeyError) -> Self {
            match e {
                PasskeyError::Fields(fields) => fields.into(),
                PasskeyError::TooMany { retry_after } => Self::too_many(retry_after),
                PasskeyError::Over => Self::gone("passkey_over"),
                PasskeyError::Rejected => Self::new(ErrorKind::Invalid, "passkey_refused"),
                PasskeyError::Weak => Self::new(ErrorKind::Invalid, "passkey_weak"),
                PasskeyError::Suspended => Self::new(ErrorKind::Forbidden, "account_suspended"),
                PasskeyError::Unavailable => Self::gone("passkey_unavailable"),
                PasskeyError::Refused(refused) => refused.into(),
                PasskeyError::Unexpected(e) => e.into(),
            }
        }
    }
}
