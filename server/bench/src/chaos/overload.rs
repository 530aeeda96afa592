//! F21: ten times more than the server can do, and nobody waits for an answer before the next one comes.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use services::stage::HotEvent;

use super::{Outcome, Trial};
use crate::{
    Result,
    buyer::Buyer,
    http::Client,
    load::{Tally, closed, open},
    processes::Server,
};

const LASTING: Duration = Duration::from_secs(10);
/// Enough to be saturated.
const LANES: usize = 64;
/// People waiting at the same time; those beyond find no connection any more.
const CROWD: usize = 4_000;
const TIMES: f64 = 10.0;

pub async fn run(trial: &Trial<'_>) -> Result<Outcome> {
    let server = Server::start(trial.place, true).await?;
    let event = trial.event(1_000_000, 0).await?;
    saturate(&server, &event, Duration::from_secs(2)).await;
    let mut normal = saturate(&server, &event, LASTING).await;
    let saturation = normal.rate();
    let mut flood = flood(&server, &event, saturation * TIMES).await;
    let goodput = flood.rate() / saturation.max(0.001);
    let [calm] = normal.took.percentiles([0.99]);
    let [p50, p99] = flood.took.percentiles([0.5, 0.99]);
    let mut outcome = Outcome::default();
    outcome.see(format!(
        "saturation {saturation:.0} holds/s, p99 {calm:.0} ms"
    ));
    outcome.see(format!(
        "at {TIMES:.0} times: {:.0} holds/s answered well ({goodput:.2} of saturation), {} turned away; accepted p50 {p50:.0} ms, p99 {p99:.0} ms",
        flood.rate(),
        flood.failed
    ));
    if !flood.reasons.is_empty() {
        outcome.see(format!("turned away with: {}", flood.reasons.join(", ")));
    }
    outcome.must(
        goodput >= 0.9,
        format!("goodput is {goodput:.2} of saturation, less than 0.9"),
    );
    // Afterwards it serves as before.
    let after = saturate(&server, &event, Duration::from_secs(3))
        .await
        .rate()
        / saturation.max(0.001);
    outcome.see(format!("afterwards {after:.2} of saturation"));
    outcome.must(after >= 0.5, "the server does not recover");
    Ok(outcome)
}

async fn saturate(server: &Server, event: &Arc<HotEvent>, lasting: Duration) -> Tally {
    let address = server.address;
    closed(LANES, lasting, |_, until| {
        let event = Arc::clone(event);
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while until.more() {
                hold(&mut client, &event, Instant::now(), address, &mut tally).await;
            }
            tally
        }
    })
    .await
}

async fn flood(server: &Server, event: &Arc<HotEvent>, rate: f64) -> Tally {
    let address = server.address;
    let mut tally = open(CROWD, rate, LASTING, |_, arrivals| {
        let event = Arc::clone(event);
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while arrivals.next().await.is_some() {
                // Nobody sends what came due while all were waiting for an answer: those people have gone.
                if arrivals.over() {
                    break;
                }
                hold(&mut client, &event, Instant::now(), address, &mut tally).await;
            }
            tally
        }
    })
    .await;
    // Answers trickle in after the last arrival; they count over the time they took.
    tally.seconds = tally.seconds.max(LASTING.as_secs_f64());
    tally
}

async fn hold(
    client: &mut Client,
    event: &HotEvent,
    begun: Instant,
    address: std::net::SocketAddr,
    tally: &mut Tally,
) {
    match Buyer::new(address, event).hold(event, 1).send(client).await {
        Ok(_) => tally.good(begun.elapsed()),
        Err(stopped) => tally.failed(stopped.to_string()),
    }
}
