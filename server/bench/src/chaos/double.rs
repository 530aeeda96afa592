//! F11: impatient fingers. Every step of a purchase is sent many times at once.

use std::{net::SocketAddr, time::Duration};

use super::{Outcome, Trial};
use crate::{
    Result,
    buyer::{Buyer, Step},
    http::Client,
    processes::Server,
    settle,
};

const AT_ONCE: usize = 50;
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn run(trial: &Trial<'_>) -> Result<Outcome> {
    let event = trial.event(10_000, 2500).await?;
    let server = Server::start(trial.place, true).await?;
    let address = server.address;
    let mut outcome = Outcome::default();
    let mut secrets = Vec::new();
    for _ in 0..trial.kills {
        let buyer = Buyer::new(address, &event);
        let hold = buyer.hold(&event, 2);
        let Some(hold) = same(address, &hold, "hold", &mut outcome).await? else {
            continue;
        };
        let order = buyer.place(&event, &hold, 2);
        let Some(secret) = same(address, &order, "order", &mut outcome).await? else {
            continue;
        };
        let start = buyer.start(&secret);
        let Some(reference) = same(address, &start, "payment", &mut outcome).await? else {
            continue;
        };
        let choice = buyer.choose(&reference, "succeed");
        same(address, &choice, "choice", &mut outcome).await?;
        secrets.push(secret);
    }
    settle::payments(&trial.stage, Duration::from_secs(60)).await?;
    let bought = i64::try_from(secrets.len())?;
    let (orders, payments) = trial.stage.effects(&secrets).await?;
    let stock = trial.stage.stock(&event).await?;
    outcome.must(
        bought == i64::from(trial.kills),
        "not every purchase came to its end",
    );
    outcome.must(
        (orders, payments) == (bought, bought),
        format!("{orders} orders and {payments} payments for {bought} purchases"),
    );
    outcome.must(
        stock.tickets == 2 * bought && stock.held == 0,
        format!(
            "{} tickets and {} held places for {bought} purchases of two",
            stock.tickets, stock.held
        ),
    );
    outcome.see(format!(
        "{bought} purchases, each of 4 steps sent {AT_ONCE} times: {orders} orders, {payments} payments, {} tickets",
        stock.tickets
    ));
    Ok(outcome)
}

/// Sends the same request many times at once; all good answers must be one. Those told to come again do so.
async fn same(
    address: SocketAddr,
    step: &Step,
    what: &str,
    outcome: &mut Outcome,
) -> Result<Option<String>> {
    let sending: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let step = step.clone();
            tokio::spawn(async move {
                step.insist(&mut Client::new(address), PATIENCE, |_, _| {})
                    .await
            })
        })
        .collect();
    let (mut answers, mut refusals) = (Vec::new(), Vec::new());
    for sent in sending {
        match sent.await? {
            Ok(answer) => answers.push(answer),
            Err(stopped) => refusals.push(stopped.to_string()),
        }
    }
    outcome.must(
        refusals.is_empty(),
        format!(
            "{what}: {} of {AT_ONCE} refused, the first with: {}",
            refusals.len(),
            refusals.first().map_or("", String::as_str)
        ),
    );
    answers.sort();
    answers.dedup();
    outcome.must(
        answers.len() <= 1,
        format!("{what}: {} different answers under one key", answers.len()),
    );
    Ok(answers.pop())
}
