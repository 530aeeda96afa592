//! F1 to F4: processes that end or stand still in the middle of a sale.

use std::time::{Duration, Instant};

use super::{Outcome, Trial, crowd::Crowd};
use crate::{
    Result, cpu,
    processes::{Postgres, Server, Worker},
    settle,
    stats::Samples,
};

pub(super) const PLACES: u32 = 500_000;
pub(super) const PRICE: i64 = 2500;
/// How long PostgreSQL stands still.
const FROZEN: Duration = Duration::from_secs(10);
/// No handler may wait longer: the setting `server.request_timeout_seconds` and a little.
pub(super) const DEADLINE: Duration = Duration::from_secs(31);
/// Work of a killed worker must be in other hands by then.
const TAKEOVER: Duration = Duration::from_secs(30);
/// All that was begun has ended by then.
const END: Duration = Duration::from_secs(120);

/// F1.
pub async fn server(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let mut server = Server::start(trial.place, true).await?;
    let port = server.address.port();
    let crowd = Crowd::start(server.address, &event);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    for _ in 0..trial.kills {
        tokio::time::sleep(trial.moment()).await;
        server.kill();
        let killed = Instant::now();
        server = Server::spawn(trial.place, true, port)?;
        recovered(&crowd, killed, &mut back, &mut outcome).await;
    }
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from kill until 99 of 100 are answered well again",
        back,
        2.0,
    );
    Ok(outcome)
}

/// F2.
pub async fn worker(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let server = Server::start(trial.place, false).await?;
    let mut worker = Worker::start(trial.place)?;
    let crowd = Crowd::start(server.address, &event);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    for _ in 0..trial.kills {
        tokio::time::sleep(trial.moment()).await;
        worker.kill();
        let killed = Instant::now();
        // What PostgreSQL had in hand for the dead process is written by then.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let (sold, _) = trial.stage.counters(&event).await?;
        worker = Worker::start(trial.place)?;
        while trial.stage.counters(&event).await?.0 <= sold {
            if killed.elapsed() > END {
                outcome.must(false, "no payment was taken in any more after a kill");
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        back.add(killed.elapsed());
    }
    let journal = crowd.stop().await?;
    match settle::announcements(&trial.stage, END).await? {
        Some(took) => {
            let seconds = took.as_secs_f64();
            outcome.see(format!(
                "everything left over was done {seconds:.1} s after the last buyer"
            ));
            outcome.must(
                took <= TAKEOVER,
                format!(
                    "what a killed worker had in hand waited {seconds:.1} s, more than {TAKEOVER:?}"
                ),
            );
        }
        None => outcome.must(false, format!("work is left over after {END:?}")),
    }
    journal.verify(&trial.stage, &mut outcome).await?;
    let without = trial.stage.orders_without_mail(&event).await?;
    outcome.must(without == 0, format!("{without} paid orders have no mail"));
    let stock = trial.stage.stock(&event).await?;
    outcome.must(
        stock.tickets == 2 * stock.paid_orders,
        format!(
            "{} tickets for {} orders of two",
            stock.tickets, stock.paid_orders
        ),
    );
    let dead = trial.stage.backlog().await?.dead;
    outcome.must(dead == 0, format!("{dead} jobs were given up"));
    times(
        &mut outcome,
        "from kill to the next payment taken in",
        back,
        30.0,
    );
    Ok(outcome)
}

/// F3.
pub async fn postgres(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let server = Server::start(trial.place, true).await?;
    let crowd = Crowd::start(server.address, &event);
    let postgres = Postgres(trial.place);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    for _ in 0..trial.kills.div_ceil(2) {
        tokio::time::sleep(trial.moment()).await;
        tokio::task::block_in_place(|| postgres.kill())?;
        // Down for a moment, so that the server notices.
        tokio::time::sleep(Duration::from_millis(500)).await;
        tokio::task::block_in_place(|| postgres.start())?;
        recovered(&crowd, Instant::now(), &mut back, &mut outcome).await;
    }
    outcome.must(
        crowd.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from PostgreSQL's return until 99 of 100 are answered well again",
        back,
        5.0,
    );
    Ok(outcome)
}

/// F4.
pub async fn frozen(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let server = Server::start(trial.place, true).await?;
    let crowd = Crowd::start(server.address, &event);
    let postgres = Postgres(trial.place);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    for _ in 0..trial.kills.div_ceil(10) {
        tokio::time::sleep(trial.moment()).await;
        let before = cpu::resident(server.pid()).unwrap_or(0.0);
        tokio::task::block_in_place(|| postgres.freeze())?;
        tokio::time::sleep(FROZEN).await;
        let grown = (cpu::resident(server.pid()).unwrap_or(0.0) - before) / 1024.0;
        tokio::task::block_in_place(|| postgres.thaw())?;
        recovered(&crowd, Instant::now(), &mut back, &mut outcome).await;
        outcome.must(grown < 50.0, format!("the server grew by {grown:.0} MB"));
    }
    outcome.must(
        crowd.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from the thaw until 99 of 100 are answered well again",
        back,
        5.0,
    );
    Ok(outcome)
}

pub(super) async fn recovered(
    crowd: &Crowd,
    since: Instant,
    back: &mut Samples,
    outcome: &mut Outcome,
) {
    match crowd.recovered(since).await {
        Some(when) => back.add(when - since),
        None => outcome.must(false, "requests are not answered well any more"),
    }
}

/// Lets the sale end and holds what was answered against the database.
pub(super) async fn finish(trial: &Trial<'_>, crowd: Crowd, outcome: &mut Outcome) -> Result {
    let journal = crowd.stop().await?;
    let settled = settle::payments(&trial.stage, END).await?;
    outcome.must(
        settled.is_some(),
        format!("payments are left over after {END:?}"),
    );
    journal.verify(&trial.stage, outcome).await
}

pub(super) fn times(outcome: &mut Outcome, what: &str, mut back: Samples, most: f64) {
    let [p50, max] = back.percentiles([0.5, 1.0]).map(|millis| millis / 1000.0);
    outcome.see(format!("{what}: p50 {p50:.2} s, max {max:.2} s"));
    outcome.must(
        max <= most,
        format!("recovery took {max:.2} s, more than {most:.0} s"),
    );
}
