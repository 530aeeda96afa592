//! Waits until what was begun has come to its end.

use std::time::{Duration, Instant};

use services::{doctor, stage::Stage};

use crate::Result;

/// Waits until no payment is under way and no job is due, for so long at most. Mails may go on waiting. Returns how long
/// it took, `None` when it did not come to an end.
pub async fn payments(stage: &Stage, most: Duration) -> Result<Option<Duration>> {
    wait(stage, most, |backlog| {
        backlog.payments == 0 && backlog.jobs == 0
    })
    .await
}

/// The same, and all announcements have had their effect.
pub async fn announcements(stage: &Stage, most: Duration) -> Result<Option<Duration>> {
    wait(stage, most, |backlog| {
        backlog.payments == 0 && backlog.jobs == 0 && backlog.announcements == 0
    })
    .await
}

async fn wait(
    stage: &Stage,
    most: Duration,
    done: impl Fn(&services::stage::Backlog) -> bool,
) -> Result<Option<Duration>> {
    let begun = Instant::now();
    while begun.elapsed() < most {
        if done(&stage.backlog().await?) {
            return Ok(Some(begun.elapsed()));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(None)
}

/// Prints what is broken; whether nothing is.
pub async fn invariants_hold(stage: &Stage) -> Result<bool> {
    let violations = doctor::invariants(stage.services()).await?;
    for violation in violations.iter().take(10) {
        println!("  broken: {} — {}", violation.invariant, violation.what);
    }
    Ok(violations.is_empty())
}
