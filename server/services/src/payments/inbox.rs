//! Messages of the provider: kept before they are answered, taken in once, tried again when that fails.

use domain::when::{Timestamp, shift};
use jiff::SignedDuration;

use super::{dispute_news, look, refund_news};
use crate::{
    Services, Unexpected, connect,
    db::{Scope, Tx},
    ports::{ProviderTold, WebhookError},
    rows::at,
    work,
};

/// After so many tries a person has to look: with growing pauses, three hours.
const MAX_ATTEMPTS: i32 = 11;
/// Of somebody else's payments at the same provider we are told too; whether they are ours is clear soon.
const STRANGERS_ATTEMPTS: i32 = 7;
/// How long the messages of a process that died wait for another one.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// Kept for whoever has to find out what happened.
const KEPT_DAYS: i64 = 90;
const FORGOTTEN_AT_ONCE: i64 = 500;

/// What became of a message at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Kept. It may be taken in already.
    Kept,
    /// Known already.
    Again,
}

#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error(transparent)]
    Refused(#[from] WebhookError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Proves and keeps a message, and takes it in at once where that works. From here on it is not lost: whoever sent it can
/// be told that it is here.
#[tracing::instrument(skip_all)]
pub async fn receive(sv: &Services, proof: &str, body: &[u8]) -> Result<Received, ReceiveError> {
    let now = sv.now();
    let event = sv.payments.read_webhook(proof, body, now)?;
    let waits = event.told.is_some();
    let told = event
        .told
        .as_ref()
        .map(serde_json::to_value)
        .transpose()
        .map_err(|e| Unexpected::new("provider event", e))?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let new = sqlx::query!(
        r#"
        insert into provider_events (provider, event_id, kind, told, outcome, received_at, taken_in_at, attempts, next_try_at)
        values ($1, $2, $3, $4, $5, $6, $7, 1, $8)
        on conflict on constraint provider_events_pkey do nothing
        "#,
        sv.payments.provider(),
        event.id,
        event.kind,
        told,
        if waits { "waiting" } else { "ignored" },
        at(now) as _,
        (!waits).then_some(at(now)) as _,
        at(now + LEASE) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .rows_affected()
        > 0;
    tx.commit().await?;
    if !new {
        return Ok(Received::Again);
    }
    if let Some(told) = event.told {
        let waiting = Waiting {
            id: event.id,
            attempts: 1,
            told,
        };
        // It is safe: what fails now is tried again by the worker.
        if let Err(e) = try_one(sv, &waiting).await {
            tracing::warn!(error = %e, "a message of the provider waits for the worker");
        }
    }
    Ok(Received::Kept)
}

struct Waiting {
    id: String,
    attempts: i32,
    told: ProviderTold,
}

/// Takes in up to `limit` messages that wait; returns how many there were.
pub async fn take_in_due(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        update provider_events set attempts = attempts + 1, next_try_at = $3
        where provider = $1 and event_id = any(array(
            select event_id from provider_events
            where outcome = 'waiting' and provider = $1 and next_try_at <= $2
            order by next_try_at
            limit $4
            for update skip locked
        ))
        returning event_id, attempts, told
        "#,
        sv.payments.provider(),
        at(now) as _,
        at(now + LEASE) as _,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let count = rows.len();
    for row in rows {
        match serde_json::from_value(row.told.unwrap_or_default()) {
            Ok(told) => {
                let waiting = Waiting {
                    id: row.event_id,
                    attempts: row.attempts,
                    told,
                };
                try_one(sv, &waiting).await?;
            }
            Err(e) => set_aside(sv, &row.event_id, &e).await?,
        }
    }
    Ok(count)
}

/// A message that cannot be read does not get better by waiting, and must not hold up the others. Operators are told of it
/// (`bilten doctor`), and `bilten replay-webhooks` tries it again.
async fn set_aside(sv: &Services, id: &str, why: &serde_json::Error) -> Result<(), Unexpected> {
    tracing::error!(payment.event = %id, error = %why, "a kept message of the payment provider cannot be read");
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        r#"
        update provider_events set outcome = 'dead', last_error = $3
        where provider = $1 and event_id = $2 and outcome = 'waiting'
        "#,
        sv.payments.provider(),
        id,
        format!("cannot be read: {why}")
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

async fn try_one(sv: &Services, waiting: &Waiting) -> Result<(), Unexpected> {
    let outcome = work::unharmed(apply(sv, waiting)).await;
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    match outcome {
        Ok(true) => settle(sv, &mut tx, waiting, "done", now, None).await?,
        Ok(false) if waiting.attempts >= STRANGERS_ATTEMPTS => {
            settle(sv, &mut tx, waiting, "ignored", now, Some("not of ours")).await?;
        }
        Ok(false) => settle(sv, &mut tx, waiting, "waiting", now, Some("not known yet")).await?,
        Err(e) => {
            let dead = waiting.attempts >= MAX_ATTEMPTS;
            if dead {
                tracing::error!(payment.event = %waiting.id, error = %e, "a message of the payment provider cannot be taken in");
            } else {
                tracing::warn!(payment.event = %waiting.id, error = %e, "a message of the payment provider will be tried again");
            }
            let outcome = if dead { "dead" } else { "waiting" };
            settle(sv, &mut tx, waiting, outcome, now, Some(&e.to_string())).await?;
        }
    }
    tx.commit().await
}

/// Whether it was about something of ours.
async fn apply(sv: &Services, waiting: &Waiting) -> Result<bool, Unexpected> {
    match &waiting.told {
        ProviderTold::Payment { payment, known } => {
            let taken = look::take_in(sv, *payment, waiting.id.clone(), known).await?;
            Ok(taken.is_some())
        }
        ProviderTold::Refund {
            names,
            amount,
            known,
        } => refund_news::take_in(sv, names, *amount, known).await,
        ProviderTold::Dispute { known } => dispute_news::take_in(sv, known).await,
        ProviderTold::Account { account_ref, news } => {
            connect::told(sv, account_ref, news.as_ref()).await
        }
    }
}

async fn settle(
    sv: &Services,
    tx: &mut Tx,
    waiting: &Waiting,
    outcome: &str,
    now: Timestamp,
    error: Option<&str>,
) -> Result<(), Unexpected> {
    let pause = SignedDuration::from_secs(5_i64 << waiting.attempts.clamp(0, 10));
    sqlx::query!(
        r#"
        update provider_events set outcome = $3, last_error = $4, next_try_at = $5,
                                   taken_in_at = case when $3 in ('done', 'ignored') then $6::timestamptz end
        where provider = $1 and event_id = $2 and outcome = 'waiting'
        "#,
        sv.payments.provider(),
        waiting.id,
        outcome,
        error,
        at(shift(now, pause)) as _,
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    pub asked: u64,
    pub taken_in: u64,
}

/// Takes in again what could not be, or everything: each message has its effect once, so that does no harm.
pub async fn replay(sv: &Services, everything: bool) -> Result<Replayed, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let asked = sqlx::query!(
        r#"
        update provider_events set outcome = 'waiting', attempts = 0, next_try_at = $2, taken_in_at = null
        where provider = $1 and told is not null and (outcome in ('waiting', 'dead') or $3)
        "#,
        sv.payments.provider(),
        at(now) as _,
        everything
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    while take_in_due(sv, 100).await? > 0 {}
    let mut tx = sv.db.begin(Scope::System).await?;
    let left = sqlx::query_scalar!(
        r#"select count(*) as "n!" from provider_events where provider = $1 and outcome in ('waiting', 'dead')"#,
        sv.payments.provider()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    let left = u64::try_from(left).unwrap_or_default();
    Ok(Replayed {
        asked,
        taken_in: asked.saturating_sub(left),
    })
}

/// Forgets messages that were taken in long ago; returns how many.
pub async fn forget_old(sv: &Services) -> Result<u64, Unexpected> {
    let before = shift(sv.now(), -SignedDuration::from_hours(24 * KEPT_DAYS));
    let mut tx = sv.db.begin(Scope::System).await?;
    let gone = sqlx::query!(
        r#"
        delete from provider_events where (provider, event_id) in (
            select provider, event_id from provider_events
            where received_at < $1 and outcome in ('done', 'ignored')
            order by received_at
            limit $2
        )
        "#,
        at(before) as _,
        FORGOTTEN_AT_ONCE
    )
    .execute(&mut *tx)
    .await?
    .rows_affected();
    tx.commit().await?;
    Ok(gone)
}
