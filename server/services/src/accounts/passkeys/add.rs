//! Another passkey for one's account.

use domain::text::{FieldErrors, line};
use webauthn_rs::prelude::{CredentialID, PasskeyRegistration, RegisterPublicKeyCredential};

use super::{PasskeyError, PasskeyQuestion, STRONG, is_strong, party, sent, written};
use crate::{
    Services, Unexpected,
    accounts::{
        challenges::{self, Purpose},
        letters, queries,
        record::record,
        second_factor::recovery,
        ways::may_change_factors,
    },
    db::Scope,
    messaging::AccountNotice,
    permit,
    session::Session,
};

/// Nobody has more devices at hand.
const MOST: usize = 20;

/// What the browser answered.
#[derive(Debug)]
pub struct NewPasskey {
    pub token: String,
    /// The browser's `PublicKeyCredential`, as JSON.
    pub credential: String,
    /// By which the person will know the device.
    pub name: String,
}

/// Asks the browser for a new key. Keys that the account has already are named, so that no device makes a second one.
pub async fn begin_passkey(
    sv: &Services,
    session: &Session,
) -> Result<PasskeyQuestion, PasskeyError> {
    permit::fresh(sv, session)?;
    let party = party(sv)?;
    let mut tx = sv.db.begin(Scope::System).await?;
    may_change_factors(&mut tx, session).await?;
    let known: Vec<CredentialID> = sqlx::query_scalar!(
        "select credential_id from passkeys where user_id = $1",
        session.user.get()
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if known.len() >= MOST {
        let fault = domain::text::Fault::TooMany { max: MOST };
        return Err(FieldErrors::one("passkey_name", fault).into());
    }
    let (mut options, state) = party.start_passkey_registration(
        session.user.get(),
        &session.email,
        &session.name,
        Some(known),
    )?;
    // The device must find the key by itself later, when nobody has said yet who they are.
    if let Some(wanted) = &mut options.public_key.authenticator_selection {
        wanted.require_resident_key = true;
        wanted.resident_key = Some(webauthn_rs_proto::ResidentKeyRequirement::Required);
    }
    let offered = &mut options.public_key.pub_key_cred_params;
    offered.retain(|one| STRONG.contains(&one.alg));
    let token =
        challenges::put(sv, &mut tx, Purpose::AddPasskey, Some(session.user), &state).await?;
    tx.commit().await?;
    Ok(PasskeyQuestion {
        token,
        options: serde_json::to_value(options.public_key)
            .map_err(|e| Unexpected::new("passkey question", e))?,
    })
}

/// Keeps the new key. The person has just used it, so the session counts as opened with it. If it is the account's first second
/// factor, the answer is ten recovery codes; else it is empty.
#[tracing::instrument(skip_all)]
pub async fn add_passkey(
    sv: &Services,
    session: &Session,
    cmd: NewPasskey,
) -> Result<Vec<String>, PasskeyError> {
    permit::fresh(sv, session)?;
    let name = line(&cmd.name, 1, 60).map_err(|fault| FieldErrors::one("passkey_name", fault))?;
    let answer: RegisterPublicKeyCredential = sent(&cmd.credential)?;
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let first = may_change_factors(&mut tx, session).await?;
    let state: Option<PasskeyRegistration> = challenges::take(
        sv,
        &mut tx,
        Purpose::AddPasskey,
        Some(session.user),
        &cmd.token,
    )
    .await?;
    let Some(state) = state else {
        return Err(PasskeyError::Over);
    };
    let passkey = match party(sv)?.finish_passkey_registration(&answer, &state) {
        Ok(passkey) => passkey,
        Err(error) => {
            // There is no second try at the same question.
            tx.commit().await?;
            return Err(error.into());
        }
    };
    // A browser that does not ask its device for what we want is not believed either.
    if !is_strong(*passkey.cred_algorithm()) {
        tx.commit().await?;
        return Err(PasskeyError::Weak);
    }
    let kept = sqlx::query!(
        r#"
        insert into passkeys (id, user_id, credential_id, name, credential, created_at) values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint passkeys_credential_id_key do nothing
        "#,
        sv.new_id(),
        session.user.get(),
        passkey.cred_id().as_slice(),
        name,
        written(&passkey)?,
        jiff_sqlx::Timestamp::from(now) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    if kept.rows_affected() == 0 {
        return Err(PasskeyError::Rejected);
    }
    let codes = if first {
        recovery::renew(sv, &mut tx, session.user).await?
    } else {
        Vec::new()
    };
    queries::prove_session(&mut tx, session.id, now, true).await?;
    let notice = AccountNotice::PasskeyAdded { name };
    letters::notice(sv, &mut tx, session.user, notice).await?;
    record(sv, &mut tx, session.user, "account.passkey_added").await?;
    tx.commit().await?;
    Ok(codes)
}
