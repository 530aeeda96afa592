//! Signing in with an account of somebody else's (OpenID Connect), and tying such an account to one's own.
//!
//! An account here is never opened because somebody else says that an address is theirs: tying the two together needs a
//! proof of both. Only where nobody has the address yet a new account is made.

use domain::{
    ids::UserId,
    text::{Email, line},
    when::Timestamp,
};
use jiff::SignedDuration;
use locales::Locale;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::{
    Entered,
    challenges::{self, Purpose},
    enter::enter,
    identities,
    letters::{self, Addressee},
    links::{LinkPurpose, send_link},
    queries,
    record::record,
    wallets::ETHEREUM,
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    messaging::AccountNotice,
    permit::{self, Refused},
    ports::{Identity, PortError, ProviderQuestion, SignInProvider},
    security_log,
    session::Session,
    throttle::{self, Limit},
};

/// Where the provider sends the browser back to.
pub const PROVIDER_RETURN: &str = "/sign-in/provider/return";

const PER_CLIENT: Limit = Limit {
    what: "provider",
    tries: 30,
    span: SignedDuration::from_mins(15),
};

/// A browser on its way to the provider.
#[derive(Debug)]
pub struct ProviderTrip {
    /// Kept by the browser and brought back; nobody else can go on with the trip.
    pub token: String,
    /// Where to go.
    pub url: String,
}

/// What the provider sent along with the browser.
#[derive(Debug)]
pub struct ProviderReturn {
    /// What the browser kept.
    pub token: String,
    pub state: String,
    pub code: String,
    /// Who says it is the provider (RFC 9207), where it says so.
    pub issuer: Option<String>,
    pub locale: Locale,
    pub user_agent: String,
}

/// What came of it.
#[derive(Debug)]
pub enum Returned {
    In {
        entered: Entered,
        next: String,
    },
    /// The account of the provider opens the signed-in person's from now on.
    Tied,
}

#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// No provider is set up.
    #[error("no provider")]
    None,
    #[error("tried too often")]
    TooMany { retry_after: u32 },
    /// Begun elsewhere, answered already, too old, or the person said no.
    #[error("begin again")]
    Over,
    /// The provider's answer does not fit what was asked.
    #[error("the answer was not accepted")]
    Rejected,
    #[error("the provider cannot be reached")]
    Unreachable,
    /// The provider tells no address.
    #[error("no address")]
    NoAddress,
    /// Somebody has an account with this address: sign in to it first, and tie the two together.
    #[error("the address has an account")]
    AccountExists,
    /// It opens an account already.
    #[error("tied to an account")]
    TiedElsewhere,
    #[error("the account is suspended")]
    Suspended,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<throttle::TooMany> for ProviderError {
    fn from(many: throttle::TooMany) -> Self {
        Self::TooMany {
            retry_after: many.retry_after,
        }
    }
}

impl From<PortError> for ProviderError {
    fn from(error: PortError) -> Self {
        match error {
            PortError::Unavailable(why) => {
                tracing::warn!(why, "the sign-in provider cannot be reached");
                Self::Unreachable
            }
            PortError::Refused(why) => {
                tracing::info!(target: "security", why, "an answer of the sign-in provider was not accepted");
                Self::Rejected
            }
        }
    }
}

/// What must be remembered until the browser is back.
#[derive(Serialize, Deserialize)]
struct Remembered {
    question: ProviderQuestion,
    next: String,
}

/// By which name people know the provider, if there is one.
pub fn provider_name(sv: &Services) -> Option<&str> {
    sv.provider.as_deref().map(SignInProvider::name)
}

/// Sends the browser to the provider: to sign in, or, from a session, to tie the provider's account to it.
pub async fn begin_provider(
    sv: &Services,
    session: Option<&Session>,
    next: &str,
    client: &str,
) -> Result<ProviderTrip, ProviderError> {
    let provider = sv.provider.as_deref().ok_or(ProviderError::None)?;
    throttle::count(sv, &PER_CLIENT, client).await?;
    if let Some(session) = session {
        permit::fresh(sv, session)?;
    }
    let question = provider.question(&return_address(sv)).await?;
    let url = question.url.clone();
    let remembered = Remembered {
        question,
        next: next.to_owned(),
    };
    let (purpose, user) = match session {
        Some(session) => (Purpose::TieProvider, Some(session.user)),
        None => (Purpose::SignInProvider, None),
    };
    let mut tx = sv.db.begin(Scope::System).await?;
    let token = challenges::put(sv, &mut tx, purpose, user, &remembered).await?;
    tx.commit().await?;
    Ok(ProviderTrip { token, url })
}

/// The browser is back. Whatever comes of it, the trip is over.
#[tracing::instrument(skip_all)]
pub async fn finish_provider(
    sv: &Services,
    session: Option<&Session>,
    back: ProviderReturn,
) -> Result<Returned, ProviderError> {
    let provider = sv.provider.as_deref().ok_or(ProviderError::None)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let tie = match session {
        Some(session) => {
            let user = Some(session.user);
            challenges::take(sv, &mut tx, Purpose::TieProvider, user, &back.token).await?
        }
        None => None,
    };
    let (remembered, tie): (Remembered, _) = match tie {
        Some(remembered) => (remembered, session),
        None => {
            let token = &back.token;
            let taken = challenges::take(sv, &mut tx, Purpose::SignInProvider, None, token).await?;
            (taken.ok_or(ProviderError::Over)?, None)
        }
    };
    // Kept away whatever follows, and no transaction stays open while the provider is asked.
    tx.commit().await?;
    let asked = remembered.question.state.as_bytes();
    if !bool::from(asked.ct_eq(back.state.as_bytes())) || back.code.is_empty() {
        security_log::rejected("", "provider");
        return Err(ProviderError::Over);
    }
    let identity = provider
        .answer(
            &remembered.question,
            &back.code,
            back.issuer.as_deref(),
            &return_address(sv),
        )
        .await?;
    if let Some(session) = tie {
        tie_to(sv, session, &identity).await?;
        return Ok(Returned::Tied);
    }
    Ok(Returned::In {
        entered: let_in(sv, &identity, &back).await?,
        next: remembered.next,
    })
}

/// Cuts the tie. `false` when there was none.
pub async fn untie_provider(sv: &Services, session: &Session) -> Result<bool, ProviderError> {
    permit::fresh(sv, session)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let cut = sqlx::query!(
        "delete from identities where user_id = $1 and issuer <> $2",
        session.user.get(),
        ETHEREUM
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if cut.rows_affected() == 0 {
        return Ok(false);
    }
    let name = provider_name(sv).unwrap_or_default().to_owned();
    let notice = AccountNotice::ProviderUntied { name };
    letters::notice(sv, &mut tx, session.user, notice).await?;
    record(sv, &mut tx, session.user, "account.provider_untied").await?;
    tx.commit().await?;
    Ok(true)
}

/// Since when an account of the provider opens the person's.
pub async fn provider_tied_since(
    sv: &Services,
    session: &Session,
) -> Result<Option<Timestamp>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Account(session.user)).await?;
    let since = sqlx::query_scalar!(
        "select min(created_at) from identities where user_id = $1 and issuer <> $2",
        session.user.get(),
        ETHEREUM
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(since.map(|at| at.to_jiff()))
}

async fn tie_to(
    sv: &Services,
    session: &Session,
    identity: &Identity,
) -> Result<(), ProviderError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    if let Some(owner) = identities::owner(&mut tx, &identity.issuer, &identity.subject).await? {
        return if owner == session.user {
            Ok(())
        } else {
            Err(ProviderError::TiedElsewhere)
        };
    }
    let (issuer, subject) = (&identity.issuer, &identity.subject);
    if !identities::tie(sv, &mut tx, session.user, issuer, subject).await? {
        return Err(ProviderError::Over);
    }
    let name = provider_name(sv).unwrap_or_default().to_owned();
    let notice = AccountNotice::ProviderTied { name };
    letters::notice(sv, &mut tx, session.user, notice).await?;
    record(sv, &mut tx, session.user, "account.provider_tied").await?;
    tx.commit().await?;
    Ok(())
}

/// An authenticator is asked for still: the provider's word is one factor.
async fn let_in(
    sv: &Services,
    identity: &Identity,
    back: &ProviderReturn,
) -> Result<Entered, ProviderError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let id = match identities::owner(&mut tx, &identity.issuer, &identity.subject).await? {
        Some(owner) => owner,
        None => make_account(sv, &mut tx, identity, back.locale).await?,
    };
    let user = queries::user(&mut tx, id)
        .await?
        .ok_or(ProviderError::Over)?;
    if user.suspended {
        return Err(ProviderError::Suspended);
    }
    security_log::accepted(user.id, "provider");
    let entered = enter(sv, &mut tx, &user, &back.user_agent).await?;
    tx.commit().await?;
    Ok(entered)
}

async fn make_account(
    sv: &Services,
    tx: &mut Tx,
    identity: &Identity,
    locale: Locale,
) -> Result<UserId, ProviderError> {
    let email = identity
        .email
        .as_deref()
        .and_then(|email| Email::parse(email).ok())
        .ok_or(ProviderError::NoAddress)?;
    let name = line(&identity.name, 1, 120)
        .unwrap_or_else(|_| email.as_str().split('@').next().unwrap_or("—").to_owned());
    let Some(id) = queries::insert_user(sv, tx, &email, &name, None, locale).await? else {
        // Twice at the same moment: the other one has made the account.
        return identities::owner(tx, &identity.issuer, &identity.subject)
            .await?
            .ok_or(ProviderError::AccountExists);
    };
    if identity.email_verified {
        queries::set_verified(tx, id, sv.now()).await?;
    } else {
        let to = Addressee {
            user: id,
            email: email.as_str(),
            name: &name,
            locale,
        };
        send_link(sv, tx, &to, LinkPurpose::VerifyEmail).await?;
    }
    // The same with another address: the next try finds that account.
    if !identities::tie(sv, tx, id, &identity.issuer, &identity.subject).await? {
        return Err(ProviderError::Over);
    }
    Ok(id)
}

fn return_address(sv: &Services) -> String {
    format!("{}{PROVIDER_RETURN}", sv.settings.public_url)
}
