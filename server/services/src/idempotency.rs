//! The same key gives the same answer. The key's row is written in the transaction of the change, so a repeat that
//! comes while the first is still running waits for it.

use std::collections::HashMap;

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
    let Some(Mark { key, fingerprint }) = mark(key, body)? else {
        return Ok(Turn::First(Key(None)));
    };
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
    answer(&key, known.response).map(Turn::Again)
}

fn answer<T: DeserializeOwned>(
    key: &str,
    response: Option<serde_json::Value>,
) -> Result<T, Unexpected> {
    let response =
        response.ok_or_else(|| Unexpected::bad_row("idempotency_keys", key, "no response"))?;
    serde_json::from_value(response).map_err(|e| Unexpected::bad_row("idempotency_keys", key, e))
}

/// A request's key and what it asked for, both hashed: a key may be anything a client thinks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    key: String,
    fingerprint: Vec<u8>,
}

/// `None` for a request without a key.
pub(crate) fn mark(key: Option<&str>, body: &impl Serialize) -> Result<Option<Mark>, Unexpected> {
    let Some(key) = key.map(str::trim).filter(|key| !key.is_empty()) else {
        return Ok(None);
    };
    let body = serde_json::to_vec(body).map_err(|e| Unexpected::new("idempotency body", e))?;
    Ok(Some(Mark {
        key: seal::base32(&seal::hash(key)),
        fingerprint: Sha256::digest(body).to_vec(),
    }))
}

/// The key was used for something else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Conflict;

/// Answers of one scope for requests that are served together: those given before, and those given now.
pub(crate) struct Known<T> {
    scope: String,
    answers: HashMap<String, (Vec<u8>, T)>,
    fresh: Vec<String>,
}

/// Looks all keys up at once. The caller holds a lock that keeps others from answering them in the meantime; where it
/// does not, the primary key refuses the second answer.
pub(crate) async fn known<T: DeserializeOwned>(
    tx: &mut Tx,
    scope: String,
    marks: impl Iterator<Item = &Mark>,
) -> Result<Known<T>, Unexpected> {
    let keys: Vec<String> = marks.map(|mark| mark.key.clone()).collect();
    let mut answers = HashMap::new();
    if !keys.is_empty() {
        // Each by its whole primary key. With `= any` a plan that was made while the table was small goes through all keys
        // of the scope for ever, and at an on-sale these are hundreds of thousands.
        let rows = sqlx::query!(
            r#"
            select known.key, known.fingerprint, known.response
            from unnest($2::text[]) as asked (key)
            cross join lateral (
                select i.key, i.fingerprint, i.response from idempotency_keys i
                where i.scope = $1 and i.key = asked.key
                limit 1) as known
            "#,
            scope,
            &keys
        )
        .fetch_all(&mut **tx)
        .await?;
        for row in rows {
            let given = answer(&row.key, row.response)?;
            answers.insert(row.key, (row.fingerprint, given));
        }
    }
    Ok(Known {
        scope,
        answers,
        fresh: Vec::new(),
    })
}

impl<T: Serialize> Known<T> {
    /// `None` for a first request.
    pub(crate) fn find(&self, mark: Option<&Mark>) -> Option<Result<&T, Conflict>> {
        let mark = mark?;
        let (fingerprint, answer) = self.answers.get(&mark.key)?;
        Some(if *fingerprint == mark.fingerprint {
            Ok(answer)
        } else {
            Err(Conflict)
        })
    }

    /// From now on this is the answer.
    pub(crate) fn add(&mut self, mark: Option<&Mark>, answer: T) {
        if let Some(mark) = mark {
            self.fresh.push(mark.key.clone());
            self.answers
                .insert(mark.key.clone(), (mark.fingerprint.clone(), answer));
        }
    }

    /// Keeps the new answers for repeats.
    pub(crate) async fn save(&self, sv: &Services, tx: &mut Tx) -> Result<(), Unexpected> {
        if self.fresh.is_empty() {
            return Ok(());
        }
        let (mut fingerprints, mut responses) = (Vec::new(), Vec::new());
        for (fingerprint, answer) in self.fresh.iter().filter_map(|key| self.answers.get(key)) {
            fingerprints.push(fingerprint.clone());
            responses.push(
                serde_json::to_value(answer)
                    .map_err(|e| Unexpected::new("idempotency response", e))?,
            );
        }
        sqlx::query!(
            r#"
            insert into idempotency_keys (scope, key, fingerprint, response, created_at)
            select $1, key, fingerprint, response, $2
            from unnest($3::text[], $4::bytea[], $5::jsonb[]) as answer (key, fingerprint, response)
            "#,
            self.scope,
            at(sv.now()) as _,
            &self.fresh,
            &fingerprints,
            &responses
        )
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
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
