//! The same key gives the same answer. The key's row is written in the transaction of the change, so a repeat that
//! comes while the first is still running waits for it.

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::{Services, Unexpected, db::Tx, rows::at, seal};

/// What a request with a key is.
pub(crate) enum Turn<T> {
    /// The first one: do it, then [`Key::finish`].
    First(Key),
    /// A repeat: this was the answer.
    Again(T),
    /// The key was used for something else.
    Conflict,
}

/// A key whose answer is still to be written.
pub(crate) struct Key(Option<(String, String)>);

/// Takes the key within `scope`; without a key each request is a first one.
pub(crate) async fn begin<T: DeserializeOwned>(
    sv: &Services,
    tx: &mut Tx,
    scope: String,
    key: Option<&str>,
    body: &impl Serialize,
) -> Result<Turn<T>, Unexpected> {
    let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else {
        return Ok(Turn::First(Key(None)));
    };
    // Hashed, because a key may be anything a client thinks of.
    let key = seal::base32(&seal::hash(key));
    let body = serde_json::to_vec(body).map_err(|e| Unexpected::new("idempotency body", e))?;
    let fingerprint = Sha256::digest(body).to_vec();
    let inserted = sqlx::query!(
        "insert into idempotency_keys (scope, key, fingerprint, created_at) values ($1, $2, $3, $4) on conflict do nothing",
        scope,
        key,
        fingerprint,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    if inserted.rows_affected() == 1 {
        return Ok(Turn::First(Key(Some((scope, key)))));
    }
    let known = sqlx::query!(
        "select fingerprint, response from idempotency_keys where scope = $1 and key = $2",
        scope,
        key
    )
    .fetch_one(&mut **tx)
    .await?;
    if known.fingerprint != fingerprint {
        return Ok(Turn::Conflict);
    }
    let response = known
        .response
        .ok_or_else(|| Unexpected::bad_row("idempotency_keys", &key, "no response"))?;
    let response = serde_json::from_value(response)
        .map_err(|e| Unexpected::bad_row("idempotency_keys", &key, e))?;
    Ok(Turn::Again(response))
}

impl Key {
    /// Keeps the answer for repeats.
    pub(crate) async fn finish(
        self,
        tx: &mut Tx,
        response: &impl Serialize,
    ) -> Result<(), Unexpected> {
        let Some((scope, key)) = self.0 else {
            return Ok(());
        };
        let response = serde_json::to_value(response)
            .map_err(|e| Unexpected::new("idempotency response", e))?;
        sqlx::query!(
            "update idempotency_keys set response = $3 where scope = $1 and key = $2",
            scope,
            key,
            response
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
