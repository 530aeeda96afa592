//! F4, its second half: all connections to the database are taken by requests that wait for rows somebody has locked.

use std::time::{Duration, Instant};

use super::{
    Outcome, Trial,
    crowd::Crowd,
    kills::{DEADLINE, PLACES, PRICE, finish, recovered, times},
};
use crate::{
    Result, cpu,
    http::{self, Client},
    processes::Server,
    stats::Samples,
};

/// As many connections as a process has to itself.
const CONNECTIONS: &str = "4";
/// Many times more people than connections.
const LANES: usize = 300;
/// Longer than anything waits for a lock or for a connection, so that both come to their ends.
const LOCKED: &str = "begin;
lock table holds in access exclusive mode;
select pg_sleep(12);
commit;
";
const LASTING: Duration = Duration::from_secs(12);
/// What the server may grow by, in MB.
const GROWTH: f64 = 50.0;
/// Needs no database, so nothing is in its way.
const ALIVE: &str = "/healthz";
const QUICK: Duration = Duration::from_secs(1);

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let event = trial.event(PLACES, PRICE).await?;
    let settings = [("BILTEN_DATABASE__MAX_CONNECTIONS", CONNECTIONS)];
    let server = Server::start_with(trial.place, true, &settings).await?;
    let crowd = Crowd::of(LANES, server.address, &event);
    let (mut outcome, mut back) = (Outcome::default(), Samples::default());
    let alive = http::get(server.address, ALIVE);
    let (mut most, mut slowest) = (0.0_f64, Duration::ZERO);
    for _ in 0..trial.kills.div_ceil(10).max(2) {
        tokio::time::sleep(trial.moment()).await;
        let before = cpu::resident(server.pid()).unwrap_or(0.0);
        let locked = trial.place.pgbench().begin("locked", LOCKED)?;
        let begun = Instant::now();
        while begun.elapsed() < LASTING {
            let asked = Instant::now();
            let answer = Client::new(server.address).send(&alive).await;
            outcome.must(
                answer.is_ok_and(|answer| answer.is_good()),
                format!("{ALIVE} was not answered well"),
            );
            slowest = slowest.max(asked.elapsed());
            let grown = cpu::resident(server.pid()).unwrap_or(0.0) - before;
            most = most.max(grown / 1024.0);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        tokio::task::block_in_place(|| locked.end())?;
        recovered(&crowd, Instant::now(), &mut back, &mut outcome).await;
    }
    outcome.see(format!(
        "{LANES} buyers and {CONNECTIONS} connections: the server grew by {most:.0} MB at most; {ALIVE} took {} ms at most",
        slowest.as_millis()
    ));
    outcome.must(
        most < GROWTH,
        format!("the server grew by {most:.0} MB, {GROWTH:.0} or more"),
    );
    outcome.must(
        slowest < QUICK,
        format!("{ALIVE} waited for {slowest:.1?} although it needs no database"),
    );
    let (busy, unanswered) = crowd.journal.turned_away();
    outcome.must(busy > 0, "nobody was turned away: the pool was never empty");
    outcome.must(
        unanswered == 0,
        format!("{unanswered} requests broke instead of being told to come again"),
    );
    outcome.must(
        crowd.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
    finish(trial, crowd, &mut outcome).await?;
    times(
        &mut outcome,
        "from the end of the locks until 99 of 100 are answered well again",
        back,
        5.0,
    );
    Ok(outcome)
}
