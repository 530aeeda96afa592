//! R8: what a request costs in processor time when there is a hundred times as much data.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use services::stage::{HotEvent, NewHotEvent};

use super::{Run, holds};
use crate::{
    Result, http,
    http::Client,
    large::Amount,
    load::{Tally, closed, count},
    processes::Server,
    stats::{Spread, short},
    table::{Goal, Row},
};

const SMALL: (u64, u64) = (10_000, 100_000);
const LARGE: (u64, u64) = (1_000_000, 10_000_000);
const LANES: usize = 8;
/// Different requests of a kind; enough that no page is still remembered when its turn comes again.
const DIFFERENT: u64 = 20_000;

/// Kinds of requests with the processor time of one, in microseconds.
type Costs = Vec<(&'static str, f64)>;

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    let mut amount = Amount::default();
    let mut costs: Vec<Costs> = Vec::new();
    for (events, lines) in [SMALL, LARGE] {
        println!("R8: {events} events, {lines} order lines");
        let begun = Instant::now();
        tokio::task::block_in_place(|| amount.grow(&run.pgbench, events, lines))?;
        println!("  made in {:.0} s", begun.elapsed().as_secs_f64());
        costs.push(all_kinds(run, events).await?);
    }
    let [small, large] = costs.as_slice() else {
        return Err("two amounts were to be measured".into());
    };
    let mut row = Row::new(
        "R8",
        "processor time of a request at 1,000,000 events against 10,000 (median and range of the kinds)",
        Goal::less(1.25, 1.10, 1.03),
    );
    let (before, after): (Vec<f64>, Vec<f64>) = small
        .iter()
        .zip(large)
        .map(|((_, before), (_, after))| (*before, *after))
        .unzip();
    row.value = Spread::of_ratios(&after, &before);
    for ((kind, before), (_, after)) in small.iter().zip(large) {
        row.notes.push(format!(
            "{kind}: {} µs, then {} µs = {}",
            short(*before),
            short(*after),
            short(after / before)
        ));
    }
    Ok(vec![row])
}

async fn all_kinds(run: &Run<'_>, events: u64) -> Result<Costs> {
    let server = Server::start(run.place, true).await?;
    let address = server.address;
    let mut costs = Costs::new();
    for (kind, path) in KINDS {
        let requests: Vec<Vec<u8>> = (0..DIFFERENT)
            .map(|n| http::get(address, &path(n, events)))
            .collect();
        let requests = Arc::new(requests);
        let load = |lasting| ask(address, &requests, lasting);
        load(Duration::from_secs(1)).await;
        costs.push((*kind, cost(run, &server, kind, load).await?));
    }
    let event = Arc::new(hot(run).await?);
    let load = |lasting| holds::load(&server, &event, LANES, lasting);
    load(Duration::from_secs(1)).await;
    costs.push(("hold", cost(run, &server, "hold", load).await?));
    Ok(costs)
}

type Path = fn(u64, u64) -> String;

/// Pages that are made anew each time. Numbers are spread over all events by a large prime.
const KINDS: &[(&str, Path)] = &[
    ("home", |n, _| format!("/?v={n}")),
    ("event", |n, events| {
        format!("/e/large-{}", spread(n, events))
    }),
    ("organizer", |n, events| {
        format!("/o/large-house-{}?v={n}", spread(n, events) / 1000)
    }),
    ("search for one", |n, events| {
        format!("/events?q={}", spread(n, events))
    }),
    ("search for many", |n, _| {
        let words = [
            "golden+rivers",
            "winter+maps",
            "salt+circus",
            "paper+voices",
        ];
        format!(
            "/events?q={}&v={n}",
            words[usize::try_from(n % 4).unwrap_or(0)]
        )
    }),
    ("by kind and city", |n, _| {
        format!("/events?category=film&city=Ptuj+{}&v={n}", 1 + n % 24)
    }),
];

fn spread(n: u64, events: u64) -> u64 {
    n * 104_729 % events
}

async fn cost<Fut: Future<Output = Tally>>(
    run: &Run<'_>,
    server: &Server,
    kind: &str,
    load: impl Fn(Duration) -> Fut,
) -> Result<f64> {
    let meter = run.place.meter([server.pid()]);
    let mut rounds = Vec::new();
    for _ in 0..run.rounds {
        let before = meter.read();
        let tally = load(run.lasting()).await;
        let spent = meter.read().since(before);
        if tally.good == 0 {
            return Err(format!("{kind}: {}", tally.reasons.join(", ")).into());
        }
        rounds.push((spent.application + spent.postgres) * 1e6 / count(tally.good));
    }
    let spread = Spread::of(&rounds).ok_or("no rounds")?;
    println!("  {kind}: {spread} µs");
    Ok(spread.median)
}

async fn hot(run: &Run<'_>) -> Result<HotEvent> {
    let new = NewHotEvent {
        places: 1_000_000,
        price_minor: 0,
        most: 10,
    };
    Ok(run.stage.hot_event(new).await?)
}

async fn ask(address: SocketAddr, requests: &Arc<Vec<Vec<u8>>>, lasting: Duration) -> Tally {
    let turn = Arc::new(AtomicUsize::new(0));
    closed(LANES, lasting, |_, until| {
        let (requests, turn) = (Arc::clone(requests), Arc::clone(&turn));
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while until.more() {
                let number = turn.fetch_add(1, Ordering::Relaxed) % requests.len();
                let begun = Instant::now();
                match client.send(&requests[number]).await {
                    Ok(answer) if answer.status == 200 => tally.good(begun.elapsed()),
                    Ok(answer) => tally.failed(format!("status {}", answer.status)),
                    Err(error) => tally.failed(error.to_string()),
                }
            }
            tally
        }
    })
    .await
}
