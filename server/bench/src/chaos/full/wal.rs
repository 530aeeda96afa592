//! No room for the write-ahead log: PostgreSQL ends rather than go on without, and cannot come up again until there is.

use std::time::{Duration, Instant};

use super::{
    super::{
        Outcome, Trial,
        crowd::Crowd,
        kills::{PLACES, PRICE, finish, recovered, times},
    },
    disk::Moved,
    look, nobody_hung,
};
use crate::{
    Result,
    processes::{Postgres, Server},
    stats::Samples,
};

/// Goes on to the next file of the log, which needs room. The message makes sure that there is something in this one.
const NEXT_FILE: &str = "select pg_logical_emit_message(true, 'bench', 'on to the next file');
select pg_switch_wal();
";
/// Files that stand ready are used up first: a log of a gigabyte has so many.
const FILES: u32 = 64;
/// So long PostgreSQL may take to come down by itself.
const DOWN: Duration = Duration::from_secs(20);

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let moved = tokio::task::block_in_place(|| Moved::away(trial.place, "pg_wal"))?;
    let postgres = Postgres(trial.place);
    let server = Server::start(trial.place, true).await?;
    let crowd = Crowd::start(server.address, &event);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    let (mut asked, mut shown, mut ended) = (0, 0, 0);
    let rounds = trial.kills.div_ceil(10).max(2);
    for _ in 0..rounds {
        tokio::time::sleep(trial.moment()).await;
        moved.disk.fill()?;
        tokio::task::block_in_place(|| use_up(trial));
        let begun = Instant::now();
        while postgres.is_up() && begun.elapsed() < DOWN {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        ended += u32::from(!postgres.is_up());
        let looked = look(&server, &event).await;
        (asked, shown) = (asked + looked.0, shown + looked.1);
        moved.disk.clear()?;
        // Where somebody watches over it, it comes up again by itself.
        tokio::task::block_in_place(|| postgres.start())?;
        recovered(&crowd, Instant::now(), &mut back, &mut outcome).await;
    }
    outcome.see(format!(
        "PostgreSQL ended {ended} of {rounds} times for want of room and was started again; meanwhile the event's page was shown {shown} of {asked} times"
    ));
    outcome.must(
        ended == rounds,
        "PostgreSQL went on: its log never lacked room",
    );
    nobody_hung(&crowd, &mut outcome);
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from PostgreSQL's return until 99 of 100 are answered well again",
        back,
        5.0,
    );
    Ok(outcome)
}

/// Until nobody answers any more.
fn use_up(trial: &Trial<'_>) {
    let pgbench = trial.place.pgbench();
    for _ in 0..FILES {
        if pgbench.once("next-file", NEXT_FILE).is_err() {
            return;
        }
    }
}
