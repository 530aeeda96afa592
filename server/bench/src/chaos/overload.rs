//! F21: ten times more than the server can do, and nobody waits for an answer before the next one comes.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use services::stage::HotEvent;

use super::{
    Outcome, Trial,
    journal::{Journal, Kind},
    kills::DEADLINE,
};
use crate::{
    Result,
    buyer::{Buyer, Stopped},
    http::Client,
    load::{Tally, closed, open},
    processes::Server,
};

const LASTING: Duration = Duration::from_secs(10);
/// Enough to be saturated.
const LANES: usize = 64;
/// People waiting at the same time; those beyond find no connection any more.
const CROWD: usize = 4_000;
/// More than a queue for one event is long, with all that can be under way besides. A process may hold 20,000 descriptors
/// on small hosts.
const TOO_MANY: usize = 9_000;
const TIMES: f64 = 10.0;
/// For three seconds nobody gets at the event's places: less than anything waits for a lock.
const IN_THE_WAY: &str = "begin;
select from pools where id = '{pool}' for update;
select pg_sleep(3);
commit;
";
/// What a server must do again right after.
const AFTERWARDS: f64 = 0.5;

/// What works through one event's overload.
struct Sale {
    event: Arc<HotEvent>,
    address: SocketAddr,
    journal: Arc<Journal>,
}

pub async fn run(trial: &Trial<'_>) -> Result<Outcome> {
    let server = Server::start(trial.place, true).await?;
    let sale = Sale {
        event: trial.event(1_000_000, 0).await?,
        address: server.address,
        journal: Arc::default(),
    };
    let mut outcome = Outcome::default();
    sale.saturate(Duration::from_secs(2)).await;
    let mut normal = sale.saturate(LASTING).await;
    let saturation = normal.rate().max(0.001);
    let [calm] = normal.took.percentiles([0.99]);
    outcome.see(format!(
        "saturation {saturation:.0} holds/s, p99 {calm:.0} ms"
    ));

    let flood = sale.flood(CROWD, saturation * TIMES).await;
    let goodput = tell(&mut outcome, CROWD, flood, saturation);
    outcome.must(
        goodput >= 0.9,
        format!("goodput is {goodput:.2} of saturation, less than 0.9"),
    );
    sale.afterwards(saturation, &mut outcome).await;

    // More than can wait, and for a while nothing goes on at all.
    let (before, _) = sale.journal.turned_away();
    let lock = IN_THE_WAY.replace("{pool}", &sale.event.pool.to_string());
    let lock = trial.place.pgbench().begin("in-the-way", &lock)?;
    let flood = sale.flood(TOO_MANY, saturation * TIMES).await;
    tokio::task::block_in_place(|| lock.end())?;
    tell(&mut outcome, TOO_MANY, flood, saturation);
    let (busy, unanswered) = sale.journal.turned_away();
    outcome.must(
        busy > before,
        "nobody was told to come again: the queue was never full",
    );
    sale.afterwards(saturation, &mut outcome).await;

    outcome.must(
        unanswered == 0,
        format!("{unanswered} requests broke instead of being told to come again"),
    );
    outcome.must(
        sale.journal.longest() < DEADLINE,
        "an attempt hung longer than any request may take",
    );
    sale.journal.verify(&trial.stage, &mut outcome).await?;
    let stock = trial.stage.stock(&sale.event).await?;
    outcome.must(
        stock.held + stock.sold <= stock.capacity,
        format!("{} places of {} are held", stock.held, stock.capacity),
    );
    Ok(outcome)
}

/// Says what came of a flood; its goodput as a part of saturation.
fn tell(outcome: &mut Outcome, lanes: usize, mut flood: Tally, saturation: f64) -> f64 {
    let goodput = flood.rate() / saturation;
    let [p50, p99] = flood.took.percentiles([0.5, 0.99]);
    outcome.see(format!(
        "{lanes} at {TIMES:.0} times: {:.0} holds/s answered well ({goodput:.2} of saturation), {} turned away; accepted p50 {p50:.0} ms, p99 {p99:.0} ms",
        flood.rate(),
        flood.failed
    ));
    if !flood.reasons.is_empty() {
        outcome.see(format!("turned away with: {}", flood.reasons.join(", ")));
    }
    goodput
}

impl Sale {
    /// It serves as before.
    async fn afterwards(&self, saturation: f64, outcome: &mut Outcome) {
        let after = self.saturate(Duration::from_secs(3)).await.rate() / saturation;
        outcome.see(format!("afterwards {after:.2} of saturation"));
        outcome.must(after >= AFTERWARDS, "the server does not recover");
    }

    async fn saturate(&self, lasting: Duration) -> Tally {
        closed(LANES, lasting, |_, until| {
            let mut lane = self.lane();
            async move {
                while until.more() {
                    lane.hold().await;
                }
                lane.tally
            }
        })
        .await
    }

    async fn flood(&self, lanes: usize, rate: f64) -> Tally {
        let mut tally = open(lanes, rate, LASTING, |_, arrivals| {
            let mut lane = self.lane();
            async move {
                while arrivals.next().await.is_some() {
                    // Nobody sends what came due while all were waiting for an answer: those people have gone.
                    if arrivals.over() {
                        break;
                    }
                    lane.hold().await;
                }
                lane.tally
            }
        })
        .await;
        // Answers trickle in after the last arrival; they count over the time they took.
        tally.seconds = tally.seconds.max(LASTING.as_secs_f64());
        tally
    }

    fn lane(&self) -> Lane {
        Lane {
            client: Client::new(self.address),
            event: Arc::clone(&self.event),
            address: self.address,
            journal: Arc::clone(&self.journal),
            tally: Tally::default(),
        }
    }
}

/// People who come one after the other.
struct Lane {
    client: Client,
    event: Arc<HotEvent>,
    address: SocketAddr,
    journal: Arc<Journal>,
    tally: Tally,
}

impl Lane {
    async fn hold(&mut self) {
        let step = Buyer::new(self.address, &self.event).hold(&self.event, 1);
        let begun = Instant::now();
        let stopped = match step.send(&mut self.client).await {
            Ok(token) => {
                self.journal.acknowledged(Kind::Hold, &token, begun);
                return self.tally.good(begun.elapsed());
            }
            Err(stopped) => stopped,
        };
        self.tally.failed(stopped.to_string());
        match stopped {
            Stopped::Busy { after } => self.journal.busy(begun, after),
            Stopped::Unknown(_) => self.journal.unanswered(begun),
            Stopped::Refused(code) => self.journal.refused(code),
        }
    }
}
