//! R9: announcements turned into their effects by the worker, as a process of its own.

use std::time::{Duration, Instant};

use services::stage::{HotEvent, NewHotEvent};

use super::{Run, Side};
use crate::{
    Result,
    load::{Tally, whole},
    processes::Worker,
    stats::Spread,
    table::{Goal, Row},
};

const SETUP: &str = "drop table if exists bench.outbox;
create table bench.outbox (like public.outbox including all);
";
const FILL: &str = "truncate bench.outbox;
insert into bench.outbox (topic, payload, created_at)
select 'order_paid', jsonb_build_object('topic', 'order_paid', 'order', gen_random_uuid()), now()
from generate_series(1, 200000);
";
const CLAIM: &str = "delete from bench.outbox
where id = (select id from bench.outbox order by id limit 1 for update skip locked);
";
/// Counting reads what was taken as well: every 20 ms it cost PostgreSQL as much as the work that is measured.
const GLANCE: Duration = Duration::from_millis(100);
/// What the first round begins with.
const FIRST: f64 = 200.0;

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    run.pgbench.once("outbox-setup", SETUP)?;
    run.pgbench.once("outbox-fill", FILL)?;
    let clients = run.pgbench.best("claim", CLAIM, &[8, 32, 64])?;
    let (mut ours, mut theirs) = (Side::default(), Vec::new());
    let mut expected = FIRST;
    for _ in 0..run.rounds {
        let (tally, cpu) = drain(run, whole(expected * run.lasting().as_secs_f64())).await?;
        expected = tally.rate().max(FIRST);
        ours.add(&tally, cpu);
        run.pgbench.once("outbox-fill", FILL)?;
        theirs.push(run.pgbench.rate("claim", CLAIM, clients, run.seconds)?);
    }
    let mut row = Row::new(
        "R9",
        "outbox messages/s by one worker, each with its effect (a mail queued)",
        Goal::more(4.0, 10.0, 25.0),
    );
    row.measured = Spread::of(&ours.rates).map(|spread| (spread, "messages/s"));
    row.against = Spread::of(&theirs).map(|spread| {
        (
            spread,
            format!("rows/s claimed one by one, pgbench with {clients} clients"),
        )
    });
    row.value = Spread::of_ratios(&ours.rates, &theirs);
    row.cpu = ours.cpu.per(ours.operations).map(|cpu| (cpu, "message"));
    row.notes
        .push("the same process writes the mails meanwhile, as it does in service".to_owned());
    Ok(vec![row])
}

/// Announces so many paid orders and waits until the worker has taken them all. The clock begins with the first taken.
async fn drain(run: &Run<'_>, count: u64) -> Result<(Tally, crate::cpu::Cpu)> {
    let event: HotEvent = run
        .stage
        .hot_event(NewHotEvent {
            places: 1_000_000,
            price_minor: 0,
            most: 10,
        })
        .await?;
    let count = u32::try_from(count).unwrap_or(100_000).clamp(200, 100_000);
    run.clear_work()?;
    run.stage.tickets(&event, count).await?;
    run.analyze()?;
    let all = i64::try_from(run.stage.announce_paid(&event, count).await?)?;
    let worker = Worker::start(run.place)?;
    let meter = run.place.meter([worker.pid()]);
    let waiting = Instant::now();
    let mut left = all;
    while left == all {
        patience(waiting)?;
        tokio::time::sleep(Duration::from_millis(5)).await;
        left = run.stage.waiting_announcements().await?;
    }
    let (begun, before, first) = (Instant::now(), meter.read(), left);
    while left > 0 {
        patience(waiting)?;
        tokio::time::sleep(GLANCE).await;
        left = run.stage.waiting_announcements().await?;
    }
    let tally = Tally {
        good: u64::try_from(first).unwrap_or(0),
        seconds: begun.elapsed().as_secs_f64(),
        ..Tally::default()
    };
    Ok((tally, meter.read().since(before)))
}

fn patience(since: Instant) -> Result {
    if since.elapsed() > Duration::from_secs(120) {
        return Err("the worker does not get through the outbox; see worker.log".into());
    }
    Ok(())
}
