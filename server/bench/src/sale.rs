//! Sells out one event: more buyers than places, all steps over HTTP, and afterwards every place accounted for.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use services::stage::{HotEvent, NewHotEvent, Stage};

use crate::{
    Result,
    buyer::{Buyer, Step, Stopped},
    cpu,
    http::Client,
    place::Place,
    processes::Server,
    settle,
    stats::Samples,
};

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Places of the event
    #[arg(long, default_value_t = 10_000)]
    tickets: u32,
    /// People who want 1 to 4 of them
    #[arg(long, default_value_t = 6_000)]
    buyers: u32,
    /// Of these so many act at the same time
    #[arg(long, default_value_t = 500)]
    at_once: u32,
    /// Price in cents; 0 for a free event
    #[arg(long, default_value_t = 2_500)]
    price: i64,
}

/// Longest wait for one buyer's step, tries included.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all buyers together saw.
#[derive(Default)]
struct Crowd {
    next: AtomicU32,
    wanted: AtomicU64,
    /// Places that were refused because none (or too few) were left.
    refused: AtomicU64,
    gave_up: AtomicU64,
    tries: AtomicU64,
}

/// Prints how the sale went; whether it went as it must.
pub async fn run(options: Options) -> Result<bool> {
    let stage = options.place.stage()?;
    let event = Arc::new(
        stage
            .hot_event(NewHotEvent {
                places: options.tickets,
                price_minor: options.price,
                most: 4,
            })
            .await?,
    );
    let server = Server::start(&options.place, true).await?;
    println!(
        "{} tickets at {} cents, {} buyers who want 1 to 4 each, {} at once; load average {}",
        options.tickets,
        options.price,
        options.buyers,
        options.at_once,
        cpu::load_average()
    );
    let crowd = Arc::new(Crowd::default());
    let meter = options.place.meter([server.pid()]);
    let (before, begun) = (meter.read(), Instant::now());
    let lanes: Vec<_> = (0..options.at_once.max(1))
        .map(|_| {
            let (event, crowd) = (Arc::clone(&event), Arc::clone(&crowd));
            let address = server.address;
            let buyers = options.buyers;
            tokio::spawn(async move {
                let (mut client, mut lane) = (Client::new(address), Lane::default());
                while crowd.next.fetch_add(1, Ordering::Relaxed) < buyers {
                    buy(&mut client, &event, &crowd, &mut lane, address).await;
                }
                lane
            })
        })
        .collect();
    let Lane {
        mut holds,
        mut checkouts,
        mut paid,
    } = Lane::default();
    for lane in lanes {
        let lane = lane.await?;
        holds.merge(lane.holds);
        checkouts.merge(lane.checkouts);
        paid.extend(lane.paid);
    }
    let all = begun.elapsed();
    let spent = meter.read().since(before);
    let settled = settle::announcements(&stage, Duration::from_secs(60)).await?;
    let done = begun.elapsed();
    let not_paid = not_paid(&stage, &paid).await?;
    let stock = stage.stock(&event).await?;
    let wanted = crowd.wanted.load(Ordering::Relaxed);
    let [h50, h95, h99] = holds.percentiles([0.5, 0.95, 0.99]);
    let [c50, c95, c99] = checkouts.percentiles([0.5, 0.95, 0.99]);
    let oversold = (stock.tickets.max(stock.sold) - stock.capacity).max(0);
    let could = i64::try_from(wanted)
        .unwrap_or(i64::MAX)
        .min(stock.capacity);
    let unsold = could - stock.tickets;
    println!(
        "sold            {} tickets in {} orders",
        stock.tickets, stock.paid_orders
    );
    println!(
        "wanted          {wanted}, of which {} had to be refused",
        crowd.refused.load(Ordering::Relaxed)
    );
    println!("oversold        {oversold}");
    println!("unsold          {unsold} while buyers still wanted them");
    println!(
        "seconds         {:.1} until the last ticket, {:.1} until every mail was on its way",
        all.as_secs_f64(),
        done.as_secs_f64()
    );
    println!("hold            p50 {h50:.0} ms, p95 {h95:.0} ms, p99 {h99:.0} ms");
    println!(
        "whole checkout  p50 {c50:.0} ms, p95 {c95:.0} ms, p99 {c99:.0} ms (choice to ticket)"
    );
    println!(
        "tried again     {} requests; {} buyers gave up",
        crowd.tries.load(Ordering::Relaxed),
        crowd.gave_up.load(Ordering::Relaxed)
    );
    println!(
        "CPU seconds     application {:.1}, PostgreSQL {:.1}, generator {:.1}",
        spent.application, spent.postgres, spent.generator
    );
    let holds_up = settle::invariants_hold(&stage).await?;
    println!(
        "invariants      {}",
        if holds_up { "all hold" } else { "broken" }
    );
    if not_paid > 0 {
        println!("NOT PAID        {not_paid} orders, though the answer said so");
    }
    let exact = oversold == 0
        && unsold == 0
        && not_paid == 0
        && stock.held == 0
        && stock.sold == stock.tickets;
    Ok(exact && holds_up && settled.is_some() && crowd.gave_up.load(Ordering::Relaxed) == 0)
}

/// What happened in one lane.
#[derive(Default)]
struct Lane {
    holds: Samples,
    /// From the choice to the answer that says that it is paid.
    checkouts: Samples,
    /// The secrets of the orders that were said to be paid.
    paid: Vec<String>,
}

/// One buyer, from the choice to the payment. Who cannot have as many takes fewer.
async fn buy(
    client: &mut Client,
    event: &HotEvent,
    crowd: &Crowd,
    lane: &mut Lane,
    address: SocketAddr,
) {
    let begun = Instant::now();
    let mut buyer = Buyer::new(address, event);
    let first = u32::try_from(buyer.number % 4).unwrap_or(0) + 1;
    crowd.wanted.fetch_add(u64::from(first), Ordering::Relaxed);
    let mut tickets = first;
    let hold = loop {
        match insist(crowd, client, buyer.hold(event, tickets)).await {
            Ok(hold) => break hold,
            Err(Stopped::Refused(code)) if code == "only_left" && tickets > 1 => {
                tickets -= 1;
                // Another choice is another request.
                buyer = Buyer::new(address, event);
            }
            Err(Stopped::Refused(code))
                if ["type_sold_out", "only_left"].contains(&code.as_str()) =>
            {
                crowd.refused.fetch_add(u64::from(first), Ordering::Relaxed);
                return;
            }
            Err(stopped) => return give_up(crowd, "hold", &stopped),
        }
    };
    let less = u64::from(first - tickets);
    crowd.refused.fetch_add(less, Ordering::Relaxed);
    lane.holds.add(begun.elapsed());
    let secret = match insist(crowd, client, buyer.place(event, &hold, tickets)).await {
        Ok(secret) => secret,
        Err(stopped) => return give_up(crowd, "order", &stopped),
    };
    if event.price_minor > 0 {
        let paid = match insist(crowd, client, buyer.start(&secret)).await {
            Ok(reference) => insist(crowd, client, buyer.choose(&reference, "succeed")).await,
            stopped => stopped,
        };
        if let Err(stopped) = paid {
            return give_up(crowd, "payment", &stopped);
        }
        lane.paid.push(secret);
    }
    lane.checkouts.add(begun.elapsed());
}

/// How many of the orders that were said to be paid are not.
async fn not_paid(stage: &Stage, secrets: &[String]) -> Result<usize> {
    let mut missing = 0;
    for portion in secrets.chunks(500) {
        missing += stage.unpaid_orders(portion).await?.len();
    }
    Ok(missing)
}

fn give_up(crowd: &Crowd, what: &str, stopped: &Stopped) {
    if crowd.gave_up.fetch_add(1, Ordering::Relaxed) < 3 {
        println!("a buyer gave up at the {what}: {stopped}");
    }
}

async fn insist(crowd: &Crowd, client: &mut Client, step: Step) -> Result<String, Stopped> {
    let again = |_: &Stopped, _| {
        crowd.tries.fetch_add(1, Ordering::Relaxed);
    };
    step.insist(client, PATIENCE, again).await
}
