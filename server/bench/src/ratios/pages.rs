//! R3, R7: the event page, as a visitor without an account gets it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use services::stage::NewHotEvent;

use super::{Run, Side};
use crate::{
    Result,
    echo::Echo,
    http::{self, Answer, Client},
    load::{Tally, closed, open},
    processes::Server,
    stats::{Samples, Spread},
    table::{Goal, Row},
};

const LANES: usize = 32;
/// So many events are asked for in turn that none is still remembered when its turn comes again.
const QUIET: u32 = 20_000;
/// A file that every installation serves.
const FILE: &str = "/icon.svg";

type Requests = Arc<Vec<Vec<u8>>>;

/// R3: pages made anew, and one page that everybody asks for.
pub async fn throughput(run: &Run<'_>) -> Result<Vec<Row>> {
    let server = Server::start(run.place, true).await?;
    let quiet: Vec<String> = run.stage.quiet_events(QUIET).await?;
    run.analyze()?;
    let many = requests(
        server.address,
        quiet.iter().map(|slug| format!("/e/{slug}")),
    );
    let hot = requests(server.address, [hot_page(run).await?]);
    let mut rows = Vec::new();
    for (id, what, requests, goal) in [
        (
            "R3",
            "event page, another event each time (nothing to remember)",
            many,
            Goal::more(0.25, 0.33, 0.4),
        ),
        (
            "R3c",
            "event page, the same event each time",
            hot,
            Goal::more(0.8, 0.9, 0.97),
        ),
    ] {
        rows.push(against_memory(run, &server, id, what, (requests, goal)).await?);
    }
    Ok(rows)
}

async fn against_memory(
    run: &Run<'_>,
    server: &Server,
    id: &'static str,
    what: &str,
    (pages, goal): (Requests, Goal),
) -> Result<Row> {
    let sample = one(server.address, &pages).await?;
    let echo = Echo::of(&sample).await?;
    let same = requests(echo.address, ["/".to_owned()]);
    let meter = run.place.meter([server.pid()]);
    let (mut ours, mut theirs) = (Side::default(), Side::default());
    // A first look fills pools and plans.
    closed_load(server.address, &pages, Duration::from_secs(1)).await;
    for _ in 0..run.rounds {
        let before = meter.read();
        let tally = closed_load(server.address, &pages, run.lasting()).await;
        ours.add(&tally, meter.read().since(before));
        let before = meter.read();
        let tally = closed_load(echo.address, &same, run.lasting()).await;
        theirs.add(&tally, meter.read().since(before));
    }
    let mut row = Row::new(id, what, goal);
    row.measured = Spread::of(&ours.rates).map(|spread| (spread, "pages/s"));
    row.against = Spread::of(&theirs.rates).map(|spread| {
        let size = sample.body.len();
        (
            spread,
            format!("answers/s of the same {size} bytes from memory"),
        )
    });
    row.value = Spread::of_ratios(&ours.rates, &theirs.rates);
    row.cpu = ours.cpu.per(ours.operations).map(|cpu| (cpu, "page"));
    ours.note_failures(&mut row);
    Ok(row)
}

/// R7: time to the first byte at half of saturation.
pub async fn latency(run: &Run<'_>) -> Result<Vec<Row>> {
    let server = Server::start(run.place, true).await?;
    let page = requests(server.address, [hot_page(run).await?]);
    let file = requests(server.address, [FILE.to_owned()]);
    one(server.address, &file).await?;
    closed_load(server.address, &page, Duration::from_secs(1)).await;
    // Of the slower of the two: beyond its saturation a latency is only the length of the queue.
    let mut saturation = f64::INFINITY;
    for requests in [&page, &file] {
        let tally = closed_load(server.address, requests, Duration::from_secs(3)).await;
        saturation = saturation.min(tally.rate());
    }
    let rate = saturation / 2.0;
    let (mut ours, mut theirs, mut failed) = (Vec::new(), Vec::new(), Side::default());
    let mut all = Samples::default();
    for _ in 0..run.rounds {
        for (requests, side) in [(&page, &mut ours), (&file, &mut theirs)] {
            let mut tally = open_load(server.address, requests, rate, run.lasting()).await;
            if Arc::ptr_eq(requests, &page) {
                failed.add(&tally, crate::cpu::Cpu::default());
                all.merge(tally.took.clone());
            }
            let [p99] = tally.took.percentiles([0.99]);
            side.push(p99);
        }
    }
    let mut row = Row::new(
        "R7",
        "event page, time to first byte, p99 at half of saturation, open loop",
        Goal::less(3.0, 1.5, 1.15),
    );
    row.measured = Spread::of(&ours).map(|spread| (spread, "ms"));
    row.against = Spread::of(&theirs).map(|spread| (spread, "ms of a static file".to_owned()));
    row.value = Spread::of_ratios(&ours, &theirs);
    let [p50, p95] = all.percentiles([0.5, 0.95]);
    row.notes.push(format!(
        "{rate:.0} requests/s of {saturation:.0} at saturation of the slower one; p50 {p50:.2} ms, p95 {p95:.2} ms"
    ));
    failed.note_failures(&mut row);
    Ok(vec![row])
}

async fn hot_page(run: &Run<'_>) -> Result<String> {
    let new = NewHotEvent {
        places: 10_000,
        price_minor: 2500,
        most: 10,
    };
    Ok(format!("/e/{}", run.stage.hot_event(new).await?.slug))
}

fn requests(address: SocketAddr, paths: impl IntoIterator<Item = String>) -> Requests {
    Arc::new(
        paths
            .into_iter()
            .map(|path| http::get(address, &path))
            .collect(),
    )
}

/// What one visitor gets, which must be the page.
async fn one(address: SocketAddr, requests: &Requests) -> Result<Answer> {
    let request = requests.first().ok_or("nothing to ask for")?;
    let answer = Client::new(address).send(request).await?;
    if answer.status == 200 {
        Ok(answer)
    } else {
        Err(format!("status {} instead of a page", answer.status).into())
    }
}

async fn closed_load(address: SocketAddr, requests: &Requests, lasting: Duration) -> Tally {
    let turn = Arc::new(AtomicUsize::new(0));
    closed(LANES, lasting, |_, until| {
        let (requests, turn) = (Arc::clone(requests), Arc::clone(&turn));
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while until.more() {
                let number = turn.fetch_add(1, Ordering::Relaxed) % requests.len();
                let begun = Instant::now();
                note(&mut tally, client.send(&requests[number]).await, |_| {
                    begun.elapsed()
                });
            }
            tally
        }
    })
    .await
}

async fn open_load(
    address: SocketAddr,
    requests: &Requests,
    rate: f64,
    lasting: Duration,
) -> Tally {
    open(LANES * 2, rate, lasting, |_, arrivals| {
        let requests = Arc::clone(requests);
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while let Some(arrival) = arrivals.next().await {
                let waited = arrival.since.elapsed();
                let sent = client.send(&requests[0]).await;
                note(&mut tally, sent, |answer| waited + answer.first_byte);
            }
            tally
        }
    })
    .await
}

fn note(tally: &mut Tally, answer: std::io::Result<Answer>, took: impl Fn(&Answer) -> Duration) {
    match answer {
        Ok(answer) if answer.status == 200 => tally.good(took(&answer)),
        Ok(answer) => tally.failed(format!("status {}", answer.status)),
        Err(error) => tally.failed(error.to_string()),
    }
}
