//! Work behind the scenes: announcements, jobs and mails, taken in portions until somebody asks to stop.
//!
//! Runs inside the server process or as a program of its own; several may run at once, since every portion is
//! claimed in the database.

pub mod logging;

use std::time::Duration;

use services::{
    Services, Unexpected, audit, books, connect, doctor, invoices, messaging, payments, payouts,
    privacy, transfers, vat, waiting_room, work,
};
use tokio::sync::watch;

/// How eagerly to look for work.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// The pause when there was nothing to do.
    pub poll: Duration,
    /// How much is taken at once.
    pub batch: i64,
    /// How often everything is checked; never, if nothing is said.
    pub check: Option<Duration>,
}

/// Lines move once a second.
const LINES: Pace = Pace {
    poll: Duration::from_secs(1),
    batch: 1,
    check: None,
};

/// How often payments are compared with the provider, and how many at once.
const COMPARE: Pace = Pace {
    poll: Duration::from_secs(10),
    batch: 50,
    check: None,
};

/// How often what is kept for a while only is looked through, and how much goes at once.
const FORGET: Pace = Pace {
    poll: Duration::from_secs(3600),
    batch: 500,
    check: None,
};

/// How often the provider's book is looked after; it is read and compared more seldom.
const BOOKS: Pace = Pace {
    poll: Duration::from_secs(5),
    batch: 1,
    check: None,
};

const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Works until `stop` turns true. A failing portion is logged and tried again after a growing pause.
pub async fn run(sv: Services, pace: Pace, stop: watch::Receiver<bool>) {
    tokio::join!(
        // What ran out is sold again, whoever else takes their time.
        keep(pace, stop.clone(), || some(work::expire_holds(
            &sv, pace.batch
        ))),
        keep(pace, stop.clone(), || some(work::expire_orders(
            &sv, pace.batch
        ))),
        keep(pace, stop.clone(), || some(work::drain_outbox(&sv))),
        // Refunds wait for the payment provider.
        keep(pace, stop.clone(), || some(work::run_due_jobs(
            &sv, pace.batch
        ))),
        keep(pace, stop.clone(), || chores(&sv, pace.batch)),
        // A mail server that takes its time keeps nothing else waiting.
        keep(pace, stop.clone(), || mails(&sv, pace.batch)),
        // Nobody waits for a document as they do for tickets.
        keep(pace, stop.clone(), || documents(&sv)),
        keep(LINES, stop.clone(), || lines(&sv)),
        // Nor does a payment provider.
        keep(pace, stop.clone(), || told(&sv, pace.batch)),
        keep(COMPARE, stop.clone(), || compare(&sv)),
        keep(FORGET, stop.clone(), || privacy::forget_due(
            &sv,
            FORGET.batch
        )),
        keep(BOOKS, stop.clone(), || books::turn(&sv)),
        // A register that takes its time keeps nothing else waiting.
        keep(BOOKS, stop.clone(), || vat::ask_due(&sv)),
        check_up(&sv, pace.check, stop)
    );
}

/// Looks from time to time whether everything still adds up.
async fn check_up(sv: &Services, every: Option<Duration>, mut stop: watch::Receiver<bool>) {
    let Some(every) = every else { return };
    loop {
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match doctor::invariants(sv).await {
            Ok(broken) if broken.is_empty() => tracing::info!("everything adds up"),
            Ok(broken) => {
                for violation in broken {
                    tracing::error!(
                        invariant = violation.invariant,
                        what = violation.what,
                        "something does not add up"
                    );
                }
            }
            Err(e) => tracing::warn!(error = %e, "could not check whether everything adds up"),
        }
    }
}

/// Does one portion after the other until `stop` turns true.
async fn keep<F>(pace: Pace, mut stop: watch::Receiver<bool>, portion: impl Fn() -> F)
where
    F: Future<Output = Result<bool, Unexpected>>,
{
    let mut failures = 0_u32;
    while !*stop.borrow() {
        let pause = match work::unharmed(portion()).await {
            Ok(true) => {
                failures = 0;
                continue;
            }
            Ok(false) => {
                failures = 0;
                pace.poll
            }
            Err(e) => {
                failures = failures.saturating_add(1);
                tracing::error!(error = %e, failures, "work interrupted");
                pace.poll
                    .saturating_mul(1 << failures.min(10))
                    .min(LONGEST_PAUSE)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Whether a portion had anything in it.
async fn some(
    portion: impl Future<Output = Result<usize, Unexpected>>,
) -> Result<bool, Unexpected> {
    portion.await.map(|count| count > 0)
}

/// The record, payouts that are due, and lines of banks; whether there was anything.
async fn chores(sv: &Services, batch: i64) -> Result<bool, Unexpected> {
    let linked = audit::link_due(sv, batch).await?;
    let payouts = payouts::request_due(sv).await?;
    let lines = transfers::apply_due(sv, batch).await?.lines;
    Ok(linked > 0 || payouts > 0 || lines > 0)
}

/// Moves the lines of waiting rooms; there is never more to do at once.
async fn lines(sv: &Services) -> Result<bool, Unexpected> {
    waiting_room::turn(sv).await.map(|_| false)
}

/// Messages of the payment provider that wait.
async fn told(sv: &Services, batch: i64) -> Result<bool, Unexpected> {
    Ok(payments::take_in_due(sv, batch).await? > 0)
}

/// What was asked about is not asked about again at once, so a full portion means that there is more.
async fn compare(sv: &Services) -> Result<bool, Unexpected> {
    let done = payments::reconcile(sv, COMPARE.batch).await?;
    let full = usize::try_from(COMPARE.batch).unwrap_or(usize::MAX);
    let accounts = connect::reconcile(sv, COMPARE.batch).await?;
    let sent = payouts::resume_transfers(sv, COMPARE.batch).await?;
    Ok([done.payments, done.refunds, accounts, sent].contains(&full))
}

async fn documents(sv: &Services) -> Result<bool, Unexpected> {
    let sold = invoices::issue_due(sv).await?;
    let billed = invoices::platform::bill_due(sv).await?;
    Ok(sold > 0 || billed > 0)
}

async fn mails(sv: &Services, batch: i64) -> Result<bool, Unexpected> {
    Ok(messaging::deliver_due(sv, batch).await?.any())
}
