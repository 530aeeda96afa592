//! R12: whole checkouts while what Bilten can do without is away, against the same with all of it there.

use std::sync::Arc;

use testkit::RedisServer;

use super::{Run, Side, checkouts};
use crate::{
    Result,
    processes::{Server, signal},
    stats::Spread,
    table::{Goal, Row},
};

/// How Redis is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redis {
    Up,
    /// Killed while the server runs.
    Gone,
    /// It stands still: connections are there, and nothing answers.
    Frozen,
}

const ALL: [Redis; 3] = [Redis::Up, Redis::Gone, Redis::Frozen];

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    let mut redis = RedisServer::start();
    let mut sides = ALL.map(|_| Side::default());
    for round in 0..run.rounds {
        // None has the smaller database, or the warmer disk, each time.
        for turn in 0..ALL.len() {
            let which = (round + turn) % ALL.len();
            one(run, &mut redis, ALL[which], &mut sides[which]).await?;
        }
    }
    let [up, gone, frozen] = sides;
    Ok(vec![
        row("R12", "with Redis killed", &gone, &up),
        row("R12f", "with Redis frozen", &frozen, &up),
    ])
}

async fn one(run: &Run<'_>, redis: &mut RedisServer, how: Redis, side: &mut Side) -> Result {
    run.clear_work()?;
    run.analyze()?;
    let url = redis.url();
    let settings = [("BILTEN_CACHE__KIND", "redis"), ("BILTEN_CACHE__URL", &url)];
    let server = Server::start_with(run.place, true, &settings).await?;
    let event = Arc::new(checkouts::hot(run).await?);
    let process = redis.pid().ok_or("Redis does not run")?;
    match how {
        Redis::Up => {}
        Redis::Gone => redis.kill(),
        Redis::Frozen => signal("STOP", &[process])?,
    }
    let loaded = checkouts::load(run, &server, &event).await;
    match how {
        Redis::Up => {}
        Redis::Gone => redis.start_again(),
        Redis::Frozen => signal("CONT", &[process])?,
    }
    let (tally, cpu) = loaded?;
    side.add(&tally, cpu);
    checkouts::settled(run).await
}

fn row(id: &'static str, how: &str, without: &Side, with: &Side) -> Row {
    let mut row = Row::new(
        id,
        format!("full checkouts/s {how}, against Redis up"),
        Goal::more(0.8, 0.95, 1.0),
    );
    row.measured = Spread::of(&without.rates).map(|spread| (spread, "checkouts/s"));
    row.against = Spread::of(&with.rates).map(|spread| {
        (
            spread,
            "checkouts/s with Redis, which counts every request".to_owned(),
        )
    });
    row.value = Spread::of_ratios(&without.rates, &with.rates);
    row.cpu = without
        .cpu
        .per(without.operations)
        .map(|cpu| (cpu, "checkout"));
    row.notes.push(
        "Redis is all there is to take away: search is in PostgreSQL itself, and analytics are not built".to_owned(),
    );
    without.note_failures(&mut row);
    row
}
