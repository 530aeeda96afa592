//! F12: the provider answers with faults, or does what it is asked and says nothing, and its messages get lost.

use std::{
    collections::HashSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::json;
use services::stage::HotEvent;
use stripe_double::{Double, Options};
use tokio::task::JoinSet;

use super::{Outcome, Random, Trial};
use crate::{
    Result,
    buyer::{Buyer, Stopped},
    http::{self, Client},
    processes::{Server, free_port},
};

const LANES: u32 = 16;
/// Orders for each kill that the other trials would make.
const ORDERS: u32 = 25;
/// Longest time in which a buyer presses the button again and again.
const PATIENCE: Duration = Duration::from_secs(60);
/// So long after the last payment everybody has their tickets, whatever was lost.
const RESOLVED: Duration = Duration::from_secs(120);
const PAGE: &str = "/api/app_api/checkout/pay/provider_page";
const CARD: &str = "4242424242424242";

pub async fn run(trial: &mut Trial<'_>) -> Result<Outcome> {
    let orders = trial.kills * ORDERS;
    let event = trial.event(orders, 2500).await?;
    let port = free_port()?;
    let hook = format!("http://127.0.0.1:{port}/webhooks/stripe");
    let provider = Double::start(Options::default().webhook(hook)).await?;
    let settings = [
        ("BILTEN_PAYMENT__KIND", "stripe"),
        ("BILTEN_PAYMENT__STRIPE_SECRET_KEY", &provider.secret_key),
        (
            "BILTEN_PAYMENT__STRIPE_WEBHOOK_SECRET",
            &provider.webhook_secret,
        ),
        ("BILTEN_PAYMENT__STRIPE_URL", &provider.url),
    ];
    let server = Server::spawn_with(trial.place, true, port, &settings)?;
    server.ready("/readyz").await?;

    let (provider, over) = (Arc::new(provider), Arc::new(AtomicBool::new(false)));
    let trouble = tokio::spawn(make_trouble(
        Arc::clone(&provider),
        Arc::clone(&over),
        (trial.random.next(), u64::from(orders)),
    ));
    let crowd = everybody(orders, server.address, &event, &provider).await;
    over.store(true, Ordering::Relaxed);
    let faults = trouble.await??;
    let crowd = crowd?;

    let mut outcome = Outcome::default();
    let asked = Instant::now();
    let mut unpaid = orders as usize;
    while asked.elapsed() < RESOLVED && unpaid > 0 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        unpaid = trial.stage.unpaid_orders(&crowd.secrets).await?.len();
    }
    let took = asked.elapsed();
    provider.quiet(Duration::from_secs(10)).await;
    let (stock, count) = (trial.stage.stock(&event).await?, i64::from(orders));
    let charges = provider.ids("charge");
    let of: HashSet<String> = charges
        .iter()
        .map(|charge| provider.object(charge)["payment_intent"].to_string())
        .collect();
    outcome.must(unpaid == 0, format!("{unpaid} payments were forgotten"));
    outcome.must(
        stock.tickets == count && stock.paid_orders == count,
        format!("{} tickets for {count} payments", stock.tickets),
    );
    outcome.must(
        charges.len() == orders as usize && of.len() == charges.len(),
        format!("{} charges for {orders} orders", charges.len()),
    );
    outcome.see(format!(
        "{faults} faults of its answers and messages lost; {} buyers had to press again, {} times in all",
        crowd.again_buyers, crowd.again
    ));
    outcome.see(format!(
        "{orders} orders, {} charges, {} tickets; the last known {:.1} s after the last payment",
        charges.len(),
        stock.tickets,
        took.as_secs_f64()
    ));
    Ok(outcome)
}

/// Puts one fault after the other into the provider's answers until it is over; how many there were.
/// As many as there are orders at most: each meets one request, and where few ask they would pile up until none gets through.
async fn make_trouble(
    provider: Arc<Double>,
    over: Arc<AtomicBool>,
    (seed, most): (u64, u64),
) -> Result<u64> {
    const KINDS: [&str; 5] = [
        "error",
        "error_after",
        "rate_limit",
        "timeout_before",
        "timeout_after",
    ];
    const PATHS: [&str; 3] = ["/v1/checkout/sessions", "/v1/payment_intents", "/v1/"];
    let (mut random, mut faults) = (Random::new(seed), 0);
    while !over.load(Ordering::Relaxed) && faults < most {
        let kind = pick(&KINDS, &mut random);
        let path = pick(&PATHS, &mut random);
        let put = provider.fault(json!({ "kind": kind, "path": path }));
        put.map_err(|failure| format!("the provider takes no fault: {failure:?}"))?;
        faults += 1;
        if random.next().is_multiple_of(3) {
            let lost = provider.webhooks("lose", json!({ "count": 2 }));
            lost.map_err(|failure| format!("the provider loses no message: {failure:?}"))?;
            faults += 2;
        }
        tokio::time::sleep(Duration::from_millis(10 + random.next() % 30)).await;
    }
    // What has not happened by now would meet the comparison that has to find everything.
    provider
        .control("DELETE", "faults", json!({}))
        .map_err(|failure| format!("the provider keeps its faults: {failure:?}"))?;
    Ok(faults)
}

fn pick<'a>(words: &[&'a str], random: &mut Random) -> &'a str {
    let at = random.next() % words.len() as u64;
    words[usize::try_from(at).unwrap_or(0)]
}

/// What the buyers have seen.
#[derive(Default)]
struct Bought {
    secrets: Vec<String>,
    again: u32,
    again_buyers: u32,
}

/// So many people buy one ticket each, sixteen at a time.
async fn everybody(
    count: u32,
    address: SocketAddr,
    event: &Arc<HotEvent>,
    provider: &Arc<Double>,
) -> Result<Bought> {
    let next = Arc::new(AtomicU32::new(0));
    let mut lanes = JoinSet::new();
    for _ in 0..LANES {
        let (event, provider, next) = (Arc::clone(event), Arc::clone(provider), Arc::clone(&next));
        lanes.spawn(async move {
            let (mut client, mut bought) = (Client::new(address), Bought::default());
            while next.fetch_add(1, Ordering::Relaxed) < count {
                let again = buy(&mut client, &event, &provider, address, &mut bought).await?;
                bought.again += again;
                bought.again_buyers += u32::from(again > 0);
            }
            Ok::<_, String>(bought)
        });
    }
    let mut all = Bought::default();
    while let Some(bought) = lanes.join_next().await {
        let bought = bought??;
        all.secrets.extend(bought.secrets);
        all.again += bought.again;
        all.again_buyers += bought.again_buyers;
    }
    Ok(all)
}

/// One purchase; how often its buyer had to press the button again.
async fn buy(
    client: &mut Client,
    event: &HotEvent,
    provider: &Double,
    address: SocketAddr,
    bought: &mut Bought,
) -> Result<u32, String> {
    let told = |step: &'static str| move |stopped: Stopped| format!("{step}: {stopped}");
    let buyer = Buyer::new(address, event);
    let mut again = 0;
    let hold = buyer.hold(event, 1);
    let hold = hold
        .insist(client, PATIENCE, |_, _| {})
        .await
        .map_err(told("hold"))?;
    let order = buyer.place(event, &hold, 1);
    let secret = order
        .insist(client, PATIENCE, |_, _| {})
        .await
        .map_err(told("order"))?;
    buyer
        .leave(&secret)
        .insist(client, PATIENCE, |_, _| again += 1)
        .await
        .map_err(told("start"))?;
    let session = session(client, address, &secret).await?;
    provider
        .pay_session(&session, CARD)
        .map_err(|failure| format!("the card: {failure:?}"))?;
    bought.secrets.push(secret);
    Ok(again)
}

/// The session of the page that the buyer is led to.
async fn session(client: &mut Client, address: SocketAddr, secret: &str) -> Result<String, String> {
    let request = http::get(address, &format!("{PAGE}?secret={secret}"));
    let answer = client
        .send(&request)
        .await
        .map_err(|error| error.to_string())?;
    let url: String =
        serde_json::from_slice(&answer.body).map_err(|_| format!("no page: {}", answer.code()))?;
    let session = url
        .split(['/', '#', '?'])
        .find(|part| part.starts_with("cs_"));
    session
        .map(str::to_owned)
        .ok_or_else(|| format!("led to {url}"))
}
