//! Signing in with a passkey, and showing once more with it who one is.

use domain::{ids::UserId, when::Timestamp};
use jiff::SignedDuration;
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{PasskeyError, PasskeyQuestion, is_strong, party, read, sent, written};
use crate::{
    Services, Unexpected,
    accounts::{
        SignedIn,
        challenges::{self, Purpose},
        queries,
        queries::UserRow,
        sessions,
    },
    db::{Scope, Tx},
    security_log,
    session::Session,
    throttle::{self, Limit},
};

const PER_CLIENT: Limit = Limit {
    what: "passkey",
    tries: 60,
    span: SignedDuration::from_mins(15),
};

/// What the browser answered.
#[derive(Debug)]
pub struct PasskeyAnswer {
    pub token: String,
    /// The browser's `PublicKeyCredential`, as JSON.
    pub credential: String,
    pub user_agent: String,
}

/// Asks the browser for any key of this site: who comes is told by the key.
pub async fn begin_passkey_sign_in(
    sv: &Services,
    client: &str,
) -> Result<PasskeyQuestion, PasskeyError> {
    throttle::count(sv, &PER_CLIENT, client).await?;
    let (options, state) = party(sv)?.start_discoverable_authentication()?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let token = challenges::put(sv, &mut tx, Purpose::UsePasskey, None, &state).await?;
    tx.commit().await?;
    Ok(PasskeyQuestion {
        token,
        options: serde_json::to_value(options.public_key)
            .map_err(|e| Unexpected::new("passkey question", e))?,
    })
}

/// Lets the owner of the key in. No code is asked for: the key is two factors already.
#[tracing::instrument(skip_all)]
pub async fn sign_in_by_passkey(
    sv: &Services,
    cmd: PasskeyAnswer,
) -> Result<SignedIn, PasskeyError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let user = match owner(sv, &mut tx, &cmd).await {
        Ok(user) => user,
        Err(error) => {
            // There is no second try at the same question.
            tx.commit().await?;
            security_log::rejected("", "passkey");
            return Err(error);
        }
    };
    if user.suspended {
        return Err(PasskeyError::Suspended);
    }
    let signed_in =
        sessions::open(sv, &mut tx, user.id, &user.locale, &cmd.user_agent, true).await?;
    tx.commit().await?;
    Ok(signed_in)
}

/// The session counts as fresh again, under a new token, if the key is the person's own.
#[tracing::instrument(skip_all)]
pub async fn prove_by_passkey(
    sv: &Services,
    session: &Session,
    cmd: PasskeyAnswer,
) -> Result<SignedIn, PasskeyError> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let renewed = match owner(sv, &mut tx, &cmd).await {
        Ok(user) if user.id == session.user => {
            Ok(sessions::prove(sv, &mut tx, session, true).await?)
        }
        Ok(_) => Err(PasskeyError::Rejected),
        Err(error) => Err(error),
    };
    if renewed.is_err() {
        security_log::rejected(&session.user.to_string(), "passkey");
    }
    // There is no second try at the same question.
    tx.commit().await?;
    renewed
}

/// Whose key has answered the question.
async fn owner(sv: &Services, tx: &mut Tx, cmd: &PasskeyAnswer) -> Result<UserRow, PasskeyError> {
    let answer: PublicKeyCredential = sent(&cmd.credential)?;
    let state: Option<DiscoverableAuthentication> =
        challenges::take(sv, tx, Purpose::UsePasskey, None, &cmd.token).await?;
    let state = state.ok_or(PasskeyError::Over)?;
    let party = party(sv)?;
    let (user, credential) = party.identify_discoverable_authentication(&answer)?;
    let row = sqlx::query!(
        "select id, credential from passkeys where credential_id = $1 and user_id = $2 for update",
        credential,
        user
    )
    .fetch_optional(&mut **tx)
    .await
    .map_err(Unexpected::from)?
    .ok_or(PasskeyError::Rejected)?;
    let mut passkey = read(row.id, row.credential)?;
    if !is_strong(*passkey.cred_algorithm()) {
        return Err(PasskeyError::Weak);
    }
    // A counter that does not grow means a copied key: the library refuses it.
    let used = party.finish_discoverable_authentication_v2(&answer, state, &passkey)?;
    passkey.update_credential(&used);
    note_use(tx, row.id, written(&passkey)?, sv.now()).await?;
    security_log::accepted(UserId::new(user), "passkey");
    queries::user(tx, UserId::new(user))
        .await?
        .ok_or(PasskeyError::Rejected)
}

async fn note_use(
    tx: &mut Tx,
    id: uuid::Uuid,
    credential: serde_json::Value,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update passkeys set credential = $2, last_used_at = $3 where id = $1",
        id,
        credential,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
