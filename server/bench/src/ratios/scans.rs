//! R4: tickets scanned online, each written down before the door hears of it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use services::{
    Services,
    stage::{HotEvent, NewHotEvent, StagedDevice},
};

use super::{Run, Side};
use crate::{
    Result,
    http::{self, Client},
    load::{Tally, closed, open, whole},
    processes::Server,
    stats::Spread,
    table::{Goal, Row},
};

const SCANS: &str = "/api/v1/scanner/scans";
/// Scanners at work; each reports one scan after the other.
const DEVICES: usize = 64;
/// A house of this size.
const TICKETS: u32 = 10_000;
/// Arrivals at a large venue's doors.
const STEADY: f64 = 500.0;

const SETUP: &str = "drop table if exists bench.tickets;
create table bench.tickets (like public.tickets including all);
insert into bench.tickets (id, organization_id, event_id, order_id, order_line_id, ticket_type_id, n, holder_name, code,
                           key_id, issued_at)
select md5(n::text)::uuid, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
       1, 'Guest ' || n, n::text, 1, now()
from generate_series(1, 100000) as n;
";
const BY_KEY: &str = "\\set n random(1, 100000)
update bench.tickets set issued_at = now() where id = md5((:n)::text)::uuid;
";

/// One house with its tickets and scanners. All of them work at one door, until all are inside; then at the next house's. Were
/// they spread over as many houses as a run fills, a faster server would have fewer scanners at each door.
struct House {
    event: HotEvent,
    tickets: Vec<String>,
    next: AtomicUsize,
    devices: Vec<StagedDevice>,
}

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    run.clear_work()?;
    let server = Server::start(run.place, true).await?;
    run.pgbench.once("scan-setup", SETUP)?;
    let clients = run.pgbench.best("by-key", BY_KEY, &[8, 32, 64])?;
    let meter = run.place.meter([server.pid()]);
    let (mut ours, mut theirs) = (Side::default(), Vec::new());
    // A first evening, so that PostgreSQL knows how scans come; of an empty table it would learn that it is empty.
    let first = houses(run, 4000.0).await?;
    load(
        &server,
        run.stage.services(),
        &first,
        Duration::from_secs(1),
    )
    .await;
    let mut expected = 1000.0;
    for _ in 0..run.rounds {
        let houses = houses(run, expected * run.lasting().as_secs_f64() * 1.5).await?;
        let before = meter.read();
        let tally = load(&server, run.stage.services(), &houses, run.lasting()).await;
        ours.add(&tally, meter.read().since(before));
        expected = tally.rate().max(expected);
        recorded(run, &houses, tally.good).await?;
        theirs.push(run.pgbench.rate("by-key", BY_KEY, clients, run.seconds)?);
    }
    let mut row = Row::new(
        "R4",
        "durable online scans/s over HTTP, one scan a request",
        Goal::more(0.8, 2.0, 4.0),
    );
    row.measured = Spread::of(&ours.rates).map(|spread| (spread, "scans/s"));
    row.against = Spread::of(&theirs).map(|spread| {
        (
            spread,
            format!("updates/s by primary key, pgbench with {clients} clients"),
        )
    });
    row.value = Spread::of_ratios(&ours.rates, &theirs);
    row.cpu = ours.cpu.per(ours.operations).map(|cpu| (cpu, "scan"));
    row.notes.push(format!(
        "{DEVICES} scanners at the door of a house of {TICKETS} tickets, one house after the other"
    ));
    ours.note_failures(&mut row);
    row.notes.push(steady(run, &server).await?);
    Ok(vec![row])
}

/// Latency at a fixed rate of arrivals.
async fn steady(run: &Run<'_>, server: &Server) -> Result<String> {
    let houses = houses(run, STEADY * run.lasting().as_secs_f64()).await?;
    let (address, sv) = (server.address, run.stage.services().clone());
    let mut tally = open(DEVICES, STEADY, run.lasting(), |lane, arrivals| {
        let (houses, sv) = (Arc::clone(&houses), sv.clone());
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            let mut scanner = Scanner::new(&houses, lane);
            while let Some(arrival) = arrivals.next().await {
                match scanner.request(address, &sv) {
                    Some(request) => scan(&mut client, &request, arrival.since, &mut tally).await,
                    None => tally.failed("no tickets left"),
                }
            }
            tally
        }
    })
    .await;
    let reached = tally.rate();
    let [p50, p99] = tally.took.percentiles([0.5, 0.99]);
    Ok(format!(
        "at {STEADY:.0} scans/s, open loop: {reached:.0}/s answered, p50 {p50:.1} ms, p99 {p99:.1} ms (moonshot 15 ms)"
    ))
}

async fn houses(run: &Run<'_>, scans: f64) -> Result<Arc<Vec<House>>> {
    let mut houses = Vec::new();
    for _ in 0..=(whole(scans) / u64::from(TICKETS)).min(30) {
        let event = run
            .stage
            .hot_event(NewHotEvent {
                places: TICKETS,
                price_minor: 0,
                most: 10,
            })
            .await?;
        let tickets = run.stage.tickets(&event, TICKETS).await?;
        houses.push(House {
            tickets: tickets.iter().map(ToString::to_string).collect(),
            next: AtomicUsize::new(0),
            devices: run.stage.devices(&event, DEVICES).await?,
            event,
        });
    }
    run.analyze()?;
    Ok(Arc::new(houses))
}

async fn load(
    server: &Server,
    sv: &Services,
    houses: &Arc<Vec<House>>,
    lasting: Duration,
) -> Tally {
    let address = server.address;
    closed(DEVICES, lasting, |lane, until| {
        let (houses, sv) = (Arc::clone(houses), sv.clone());
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            let mut scanner = Scanner::new(&houses, lane);
            while until.more() {
                let Some(request) = scanner.request(address, &sv) else {
                    break;
                };
                scan(&mut client, &request, Instant::now(), &mut tally).await;
            }
            tally
        }
    })
    .await
}

/// One scanner's log.
struct Scanner<'a> {
    houses: &'a [House],
    lane: usize,
    counter: u64,
}

impl<'a> Scanner<'a> {
    fn new(houses: &'a [House], lane: usize) -> Self {
        Self {
            houses,
            lane,
            counter: 0,
        }
    }

    /// The next ticket's admission; none when all are inside.
    fn request(&mut self, address: SocketAddr, sv: &Services) -> Option<Vec<u8>> {
        let (device, ticket) = loop {
            let (house, others) = self.houses.split_first()?;
            let next = house.next.fetch_add(1, Ordering::Relaxed);
            match house.tickets.get(next) {
                Some(ticket) => break (&house.devices[self.lane % house.devices.len()], ticket),
                None => self.houses = others,
            }
        };
        self.counter += 1;
        let body = format!(
            "{{\"scans\":[{{\"id\":\"{}\",\"ticket\":\"{ticket}\",\"kind\":\"admit\",\"verdict\":\"valid\",\
             \"at\":\"{}\",\"counter\":{}}}],\"pending\":0}}",
            sv.new_id(),
            sv.now(),
            self.counter
        );
        Some(http::json(address, SCANS, &device.token, &body))
    }
}

async fn scan(client: &mut Client, request: &[u8], since: Instant, tally: &mut Tally) {
    match client.send(request).await {
        Ok(answer) if answer.status == 200 && admitted(&answer.body) => tally.good(since.elapsed()),
        Ok(answer) => {
            tally.failed(answer.code());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err(error) => tally.failed(error.to_string()),
    }
}

fn admitted(body: &[u8]) -> bool {
    let wanted = b"\"answer\":\"accepted\"";
    body.windows(wanted.len()).any(|part| part == wanted)
}

/// What was answered must be in the database.
async fn recorded(run: &Run<'_>, houses: &[House], answered: u64) -> Result {
    let mut recorded = 0;
    for house in houses {
        recorded += run.stage.scans(house.event.event).await?;
    }
    if u64::try_from(recorded).unwrap_or(0) < answered {
        return Err(format!("{answered} scans were answered, {recorded} are recorded").into());
    }
    Ok(())
}
