//! R1, R1b: holds on one hot event, each with its key and its own answer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use services::stage::{HotEvent, NewHotEvent};

use super::{Run, Side, machine::SINGLE_ROW};
use crate::{
    Result,
    buyer::Buyer,
    http::Client,
    load::{Tally, closed},
    processes::Server,
    stats::{Samples, Spread},
    table::{Goal, Row},
};

const PLACES: u32 = 1_000_000;

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    run.clear_work()?;
    let server = Server::start(run.place, true).await?;
    let clients = run.pgbench.best("single-row", SINGLE_ROW, &[8, 32, 64])?;
    let batch = hot(run).await?;
    let writers = run.pgbench.best("batch", &statement(&batch), &[1, 2, 4])?;
    let lanes = calibrate(run, &server).await?;
    // Not before: of an empty table PostgreSQL would learn that it is empty.
    run.analyze()?;
    let (mut ours, mut single, mut rows) = (Side::default(), Vec::new(), Vec::new());
    let mut took = Samples::default();
    let meter = run.place.meter([server.pid()]);
    for _ in 0..run.rounds {
        let event = Arc::new(hot(run).await?);
        let before = meter.read();
        let tally = load(&server, &event, lanes, run.lasting()).await;
        ours.add(&tally, meter.read().since(before));
        took.merge(tally.took);
        single.push(
            run.pgbench
                .rate("single-row", SINGLE_ROW, clients, run.seconds)?,
        );
        let batch = hot(run).await?;
        let rate = run
            .pgbench
            .rate("batch", &statement(&batch), writers, run.seconds)?;
        rows.push(rate * 256.0);
    }
    let [p50, p99] = took.percentiles([0.5, 0.99]);
    let mut r1 = Row::new(
        "R1",
        "holds/s on one hot event over HTTP, durable, a key each",
        Goal::more(5.0, 12.0, 25.0),
    );
    r1.measured = Spread::of(&ours.rates).map(|spread| (spread, "holds/s"));
    r1.against = Spread::of(&single).map(|spread| {
        (
            spread,
            format!("updates/s of one row, pgbench with {clients} clients"),
        )
    });
    r1.value = Spread::of_ratios(&ours.rates, &single);
    r1.cpu = ours.cpu.per(ours.operations).map(|cpu| (cpu, "hold"));
    r1.notes.push(format!(
        "closed loop of {lanes} buyers; p50 {p50:.1} ms, p99 {p99:.1} ms"
    ));
    ours.note_failures(&mut r1);
    let mut r1b = Row::new(
        "R1b",
        "the same against a raw statement of 256 holds",
        Goal::more(0.35, 0.6, 0.8),
    );
    r1b.measured = r1.measured;
    r1b.against =
        Spread::of(&rows).map(|spread| (spread, format!("rows/s, pgbench with {writers} clients")));
    r1b.value = Spread::of_ratios(&ours.rates, &rows);
    Ok(vec![r1, r1b])
}

async fn hot(run: &Run<'_>) -> Result<HotEvent> {
    let new = NewHotEvent {
        places: PLACES,
        price_minor: 0,
        most: 10,
    };
    Ok(run.stage.hot_event(new).await?)
}

/// The number of buyers at which the server does best, as the other side has it too.
async fn calibrate(run: &Run<'_>, server: &Server) -> Result<usize> {
    let event = Arc::new(hot(run).await?);
    let mut best = (0.0, 32);
    for lanes in [32, 128, 512] {
        let rate = load(server, &event, lanes, Duration::from_secs(2))
            .await
            .rate();
        if rate > best.0 {
            best = (rate, lanes);
        }
    }
    Ok(best.1)
}

/// So many buyers, each holding one place after the other.
pub async fn load(
    server: &Server,
    event: &Arc<HotEvent>,
    lanes: usize,
    lasting: Duration,
) -> Tally {
    let address = server.address;
    closed(lanes, lasting, |_, until| {
        let event = Arc::clone(event);
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while until.more() {
                let buyer = Buyer::new(address, &event);
                let begun = Instant::now();
                match buyer.hold(&event, 1).send(&mut client).await {
                    Ok(_) => tally.good(begun.elapsed()),
                    Err(stopped) => {
                        tally.failed(stopped.to_string());
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
            }
            tally
        }
    })
    .await
}

/// What 256 holds are in the database: the counter, the holds, their lines, their keys.
fn statement(event: &HotEvent) -> String {
    let (organization, id, kind, pool) = (
        event.organization,
        event.event,
        event.ticket_type,
        event.pool,
    );
    format!(
        "with stock as (
    update pools set held = held + 256 where id = '{pool}' returning id
), made as (
    select gen_random_uuid() as id, now() as at from generate_series(1, 256) where exists (select from stock)
), hold as (
    insert into holds (id, organization_id, event_id, token_hash, created_at, expires_at)
    select id, '{organization}', '{id}', sha256(uuid_send(id)), at, at + interval '1 day' from made
), line as (
    insert into hold_lines (hold_id, organization_id, ticket_type_id, quantity, unit_price_minor)
    select id, '{organization}', '{kind}', 1, 0 from made
)
insert into idempotency_keys (scope, key, fingerprint, response, created_at)
select 'hold|{id}', id::text, sha256(uuid_send(id)), jsonb_build_object('hold', id, 'expires_at', at), at from made;
"
    )
}
