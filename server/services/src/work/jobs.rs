//! Runs due jobs. Each handler is safe to run twice.

use domain::ids::EventId;

use crate::{
    Services, Unexpected, checkout,
    db::Scope,
    jobs::{self, Claimed, Job},
    orders, payments,
};

/// Runs up to `limit` due jobs, one after the other; returns how many there were. A job that fails comes again later.
pub async fn run_due_jobs(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let claimed = jobs::claim(sv, &mut tx, limit).await?;
    tx.commit().await?;
    for job in &claimed {
        let outcome = run(sv, job).await;
        let mut tx = sv.db.begin(Scope::System).await?;
        match outcome {
            Ok(()) => jobs::done(&mut tx, job.id).await?,
            Err(e) => {
                tracing::warn!(job.id, job.attempts, error = %e, "job failed, will be tried again");
                jobs::failed(sv, &mut tx, job.id, job.attempts, &e.to_string()).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(claimed.len())
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
        Job::ExpireHold { hold } => checkout::expire(sv, organization, *hold).await,
        Job::ExpireOrder { order } => orders::expire(sv, organization, *order).await,
        Job::SendRefund { refund } => orders::send_refund(sv, organization, *refund).await,
        Job::SandboxNews { payment, outcome } => {
            payments::sandbox::tell(sv, *payment, outcome).await
        }
        Job::CancelEventOrders { event, reason } => {
            orders::cancel_portion(sv, organization, EventId::new(*event), reason).await
        }
    }
}
