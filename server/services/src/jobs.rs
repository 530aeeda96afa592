//! Work for later: a queue in PostgreSQL, claimed with SKIP LOCKED under a lease, retried with growing pauses, dead
//! after [`MAX_ATTEMPTS`]. Handlers must be safe to run twice.

use std::time::Duration;

use domain::{
    ids::{OrganizationId, PaymentId, RefundId, RefundRunId},
    when::Timestamp,
};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{Services, Unexpected, db::Tx};

pub const MAX_ATTEMPTS: i32 = 8;
/// How long the jobs of a worker that died wait for another one.
const LEASE: SignedDuration = SignedDuration::from_secs(25);
/// How often a worker that lives says so.
pub(crate) const RENEWED: Duration = Duration::from_secs(8);

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Ask the provider to send the money back.
    SendRefund { refund: RefundId },
    /// Give the platform's fee of a refund back to an organizer whose money went straight to them.
    ReturnFee { refund: RefundId },
    /// The sandbox provider tells its news of a payment.
    SandboxNews { payment: PaymentId, outcome: String },
    /// Remind a buyer who has not transferred yet.
    RemindOfTransfer { order: uuid::Uuid },
    /// End all orders of an event that was called off.
    CancelEventOrders { event: uuid::Uuid, reason: String },
    /// End the next portion of the orders of an event.
    EndOrders { run: RefundRunId },
}

impl Job {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SendRefund { .. } => "send_refund",
            Self::ReturnFee { .. } => "return_fee",
            Self::SandboxNews { .. } => "sandbox_news",
            Self::RemindOfTransfer { .. } => "remind_of_transfer",
            Self::CancelEventOrders { .. } => "cancel_event_orders",
            Self::EndOrders { .. } => "end_orders",
        }
    }
}

/// Queues a job in the caller's transaction. With a `dedupe_key` the same job is queued only once.
pub async fn enqueue(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    job: &Job,
    run_at: Timestamp,
    dedupe_key: Option<&str>,
) -> Result<(), Unexpected> {
    let payload = serde_json::to_value(job).map_err(|e| Unexpected::new("job payload", e))?;
    sqlx::query!(
        r#"
        insert into jobs (organization_id, kind, payload, dedupe_key, run_at, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint jobs_dedupe_key_key do nothing
        "#,
        organization.get(),
        job.kind(),
        payload,
        dedupe_key,
        jiff_sqlx::Timestamp::from(run_at) as _,
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Queues several jobs that are due now, in one statement.
pub async fn enqueue_all(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    jobs: &[Job],
) -> Result<(), Unexpected> {
    let kinds: Vec<String> = jobs.iter().map(|job| job.kind().to_owned()).collect();
    let payloads = jobs
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| Unexpected::new("job payload", e))?;
    sqlx::query!(
        r#"
        insert into jobs (organization_id, kind, payload, run_at, created_at)
        select $1, kind, payload, $2, $2
        from unnest($3::text[], $4::jsonb[]) with ordinality as job (kind, payload, n)
        order by n
        "#,
        organization.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _,
        &kinds,
        &payloads
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A job under lease.
#[derive(Debug)]
pub struct Claimed {
    pub id: i64,
    pub organization: Option<OrganizationId>,
    pub attempts: i32,
    pub job: Result<Job, String>,
}

/// Claims up to `limit` due jobs under the lease.
pub async fn claim(sv: &Services, tx: &mut Tx, limit: i64) -> Result<Vec<Claimed>, Unexpected> {
    let now = sv.now();
    let rows = sqlx::query!(
        r#"
        update jobs set attempts = attempts + 1, locked_until = $2
        -- As a list, which is made once: of a set a plan for a small table asks anew for each row.
        where id = any(array(
            select id from jobs
            where dead_at is null and run_at <= $1 and (locked_until is null or locked_until < $1)
            order by run_at, id
            limit $3
            for update skip locked
        ))
        returning id, organization_id, attempts, payload
        "#,
        jiff_sqlx::Timestamp::from(now) as _,
        jiff_sqlx::Timestamp::from(now + LEASE) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Claimed {
            id: row.id,
            organization: row.organization_id.map(OrganizationId::new),
            attempts: row.attempts,
            job: serde_json::from_value(row.payload).map_err(|e| e.to_string()),
        })
        .collect())
}

/// Whoever works on these goes on: nobody else takes them up for another lease.
pub(crate) async fn renew(sv: &Services, tx: &mut Tx, ids: &[i64]) -> Result<(), Unexpected> {
    sqlx::query!(
        "update jobs set locked_until = $2 where id = any($1) and locked_until is not null",
        ids,
        jiff_sqlx::Timestamp::from(sv.now() + LEASE) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The jobs are done and leave the queue.
pub async fn done(tx: &mut Tx, ids: &[i64]) -> Result<(), Unexpected> {
    sqlx::query!("delete from jobs where id = any($1)", ids)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The job failed: it comes again after a growing pause (2, 4, 8 … seconds), or is put aside for a person to look at.
pub async fn failed(
    sv: &Services,
    tx: &mut Tx,
    id: i64,
    attempts: i32,
    error: &str,
) -> Result<(), Unexpected> {
    let now = sv.now();
    let pause = SignedDuration::from_secs(1_i64 << attempts.clamp(1, 10));
    let dead = (attempts >= MAX_ATTEMPTS).then(|| jiff_sqlx::Timestamp::from(now));
    sqlx::query!(
        "update jobs set locked_until = null, run_at = $2, last_error = $3, dead_at = $4 where id = $1",
        id,
        jiff_sqlx::Timestamp::from(now + pause) as _,
        error,
        dead as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
