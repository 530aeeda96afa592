//! R11: the waiting room. Visitors come in and then look where they stand, against as many pings.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use domain::waiting_room::Draw;
use services::{permit::Permit, stage::NewHotEvent, waiting_room::set_waiting_room};

use super::{Run, Side};
use crate::{
    Result, cpu,
    http::{self, Client},
    load::{Tally, closed, count},
    processes::Server,
    stats::{Spread, short},
    table::{Goal, Row},
};

const LANES: usize = 64;
/// Each visitor looks so often for each time they come in; people wait longer than that.
const LOOKS: u64 = 10;
const JOIN: &str = "/api/app_api/checkout/waiting/join_waiting_room";
const PING: &str = "/healthz";
const CROWD: u64 = 1_000_000;

/// No two visitors of a run are the same.
static NEXT: AtomicU64 = AtomicU64::new(1);

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    let slug = awaited(run).await?;
    let server = Server::start(run.place, true).await?;
    let look: Arc<[u8]> = http::get(server.address, &format!("/live/waiting/{slug}")).into();
    let ping: Arc<[u8]> = http::get(server.address, PING).into();
    let meter = run.place.meter([server.pid()]);
    let (mut ours, mut theirs) = (Side::default(), Side::default());
    visit(server.address, &slug, &look, Duration::from_secs(2)).await;
    let before_memory = cpu::resident(server.pid()).ok_or("the server is gone")?;
    let before_visitors = NEXT.load(Ordering::Relaxed);
    for _ in 0..run.rounds {
        let before = meter.read();
        let tally = visit(server.address, &slug, &look, run.lasting()).await;
        ours.add(&tally, meter.read().since(before));
        theirs.add(
            &ask(server.address, &ping, run.lasting()).await,
            cpu::Cpu::default(),
        );
    }
    let visitors = NEXT.load(Ordering::Relaxed) - before_visitors;
    let grown = cpu::resident(server.pid()).ok_or("the server is gone")? - before_memory;
    let mut row = Row::new(
        "R11",
        "waiting room, one coming in and ten looks per visitor",
        Goal::more(0.7, 0.9, 0.95),
    );
    row.measured = Spread::of(&ours.rates).map(|spread| (spread, "requests/s"));
    row.against = Spread::of(&theirs.rates).map(|spread| (spread, "pings/s".to_owned()));
    row.value = Spread::of_ratios(&ours.rates, &theirs.rates);
    row.cpu = ours.cpu.per(ours.operations).map(|cpu| (cpu, "request"));
    row.notes.push(format!(
        "{visitors} visitors came in; the server grew by {} MB, {} bytes each",
        short(grown / 1024.0),
        short((grown * 1024.0 / count(visitors)).max(0.0))
    ));
    row.notes.push(order_of_a_crowd());
    ours.note_failures(&mut row);
    Ok(vec![row])
}

/// A house with a line before it that nobody gets out of.
async fn awaited(run: &Run<'_>) -> Result<String> {
    let hot = run
        .stage
        .hot_event(NewHotEvent {
            places: 0,
            price_minor: 2500,
            most: 10,
        })
        .await?;
    let permit = Permit::system("bench", hot.organization);
    set_waiting_room(run.stage.services(), &permit, hot.event, true).await?;
    Ok(hot.slug)
}

/// Whether everybody of a drawn crowd has a place of their own.
fn order_of_a_crowd() -> String {
    let begun = Instant::now();
    let draw = Draw::new([42; 32], CROWD);
    let mut taken = vec![false; usize::try_from(CROWD).unwrap_or(0)];
    let doubles = (1..=CROWD)
        .filter(|number| {
            let place = usize::try_from(draw.place(*number) - 1).unwrap_or(usize::MAX);
            taken
                .get_mut(place)
                .is_none_or(|taken| std::mem::replace(taken, true))
        })
        .count();
    format!(
        "{CROWD} drawn in {:.1} s: {doubles} without a place of their own",
        begun.elapsed().as_secs_f64()
    )
}

async fn visit(address: SocketAddr, slug: &str, look: &Arc<[u8]>, lasting: Duration) -> Tally {
    closed(LANES, lasting, |_, until| {
        let (look, body) = (Arc::clone(look), format!("event={slug}"));
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while until.more() {
                let visitor = NEXT.fetch_add(1, Ordering::Relaxed);
                let join = http::form(address, JOIN, visitor, &body);
                one(&mut client, &join, &mut tally).await;
                for _ in 0..LOOKS {
                    one(&mut client, &look, &mut tally).await;
                }
            }
            tally
        }
    })
    .await
}

async fn ask(address: SocketAddr, request: &Arc<[u8]>, lasting: Duration) -> Tally {
    closed(LANES, lasting, |_, until| {
        let request = Arc::clone(request);
        async move {
            let (mut client, mut tally) = (Client::new(address), Tally::default());
            while until.more() {
                one(&mut client, &request, &mut tally).await;
            }
            tally
        }
    })
    .await
}

async fn one(client: &mut Client, request: &[u8], tally: &mut Tally) {
    let begun = Instant::now();
    match client.send(request).await {
        Ok(answer) if answer.is_good() => tally.good(begun.elapsed()),
        Ok(answer) => tally.failed(answer.code()),
        Err(error) => tally.failed(error.to_string()),
    }
}
