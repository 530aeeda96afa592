//! Runs due jobs. Each handler is safe to run twice.

use std::convert::Infallible;

use domain::ids::EventId;
use futures::{StreamExt, future, stream};

use super::unharmed;
use crate::{
    Services, Unexpected, connect,
    db::Scope,
    jobs::{self, Claimed, Job},
    orders, payments, transfers,
};

/// Jobs that work in the database at the same time.
const AT_ONCE: usize = 4;

/// Runs up to `limit` due jobs; returns how many there were. A job that fails comes again later.
pub async fn run_due_jobs(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    let claimed = jobs::claim(sv, &mut tx, limit).await?;
    tx.commit().await?;
    if claimed.is_empty() {
        return Ok(0);
    }
    let count = claimed.len();
    let ids: Vec<i64> = claimed.iter().map(|claimed| claimed.id).collect();
    // What a provider tells waits in a queue, where it costs no connection and is served together.
    let (news, other): (Vec<_>, Vec<_>) = claimed
        .into_iter()
        .partition(|claimed| matches!(claimed.job, Ok(Job::SandboxNews { .. })));
    let news = future::join_all(news.into_iter().map(|job| attempt(sv, job)));
    let other = stream::iter(other.into_iter().map(|job| attempt(sv, job)))
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>();
    let attempts = future::join(news, other);
    let (news, other) = tokio::select! {
        attempts = attempts => attempts,
        never = keep(sv, &ids) => match never {},
    };
    settle(sv, news.into_iter().chain(other).collect()).await?;
    Ok(count)
}

/// A provider that takes its time takes longer than a lease: it is renewed while one works.
async fn keep(sv: &Services, ids: &[i64]) -> Infallible {
    loop {
        tokio::time::sleep(jobs::RENEWED).await;
        let renewed = async {
            let mut tx = sv.db.begin_shared(Scope::System).await?;
            jobs::renew(sv, &mut tx, ids).await?;
            tx.commit().await as Result<(), Unexpected>
        };
        if let Err(e) = renewed.await {
            tracing::warn!(error = %e, "a lease was not renewed");
        }
    }
}

type Attempt = (Claimed, Result<(), Unexpected>);

async fn attempt(sv: &Services, job: Claimed) -> Attempt {
    let outcome = unharmed(run(sv, &job)).await;
    (job, outcome)
}

async fn settle(sv: &Services, attempts: Vec<Attempt>) -> Result<(), Unexpected> {
    let mut done = Vec::with_capacity(attempts.len());
    let mut tx = sv.db.begin_shared(Scope::System).await?;
    for (job, outcome) in attempts {
        match outcome {
            Ok(()) => done.push(job.id),
            Err(e) => {
                tracing::warn!(job.id, job.attempts, error = %e, "job failed, will be tried again");
                jobs::failed(sv, &mut tx, job.id, job.attempts, &e.to_string()).await?;
            }
        }
    }
    jobs::done(&mut tx, &done).await?;
    tx.commit().await
}

async fn run(sv: &Services, claimed: &Claimed) -> Result<(), Unexpected> {
    let job = claimed
        .job
        .as_ref()
        .map_err(|e| Unexpected::new("unreadable job", e.clone()))?;
    let organization = claimed
        .organization
        .ok_or_else(|| Unexpected::bad_row("jobs", claimed.id, "no organization"))?;
    match job {
        Job::SendRefund { refund } => orders::send_refund(sv, organization, *refund).await,
        Job::ReturnFee { refund } => connect::return_fee(sv, organization, *refund).await,
        Job::SandboxNews { payment, outcome } => {
            payments::sandbox::tell(sv, *payment, outcome).await
        }
        Job::RemindOfTransfer { order } => transfers::remind(sv, organization, *order).await,
        Job::CancelEventOrders { event, reason } => {
            orders::end_orders_of(sv, organization, EventId::new(*event), reason).await
        }
        Job::EndOrders { run } => orders::end_portion(sv, organization, *run).await,
    }
}
