//! F10: the money comes when the order has already expired.

use std::{net::SocketAddr, time::Duration};

use services::stage::HotEvent;

use super::{Outcome, Trial};
use crate::{Result, buyer::buy, http::Client, processes::Server, settle};

/// Long enough for the sandbox's late news to be told.
const END: Duration = Duration::from_secs(60);

pub async fn run(trial: &Trial<'_>) -> Result<Outcome> {
    let server = Server::start(trial.place, true).await?;
    let mut outcome = Outcome::default();
    with_places_left(trial, &server, &mut outcome).await?;
    without(trial, &server, &mut outcome).await?;
    Ok(outcome)
}

/// Late money buys places that are still free.
async fn with_places_left(trial: &Trial<'_>, server: &Server, outcome: &mut Outcome) -> Result {
    let event = trial.event(trial.kills * 2, 2500).await?;
    let late = everybody(trial.kills, server.address, &event, "after_expiry").await?;
    told(trial).await?;
    let (stock, count) = (trial.stage.stock(&event).await?, i64::from(trial.kills));
    let unpaid = trial.stage.unpaid_orders(&late).await?.len();
    outcome.must(
        unpaid == 0,
        format!("{unpaid} late payments were forgotten"),
    );
    outcome.must(
        stock.tickets == count && stock.paid_orders == count,
        format!(
            "{} tickets for {count} late payments with places left",
            stock.tickets
        ),
    );
    outcome.see(format!(
        "{count} paid late with places left: {} tickets",
        stock.tickets
    ));
    Ok(())
}

/// Late money for places that somebody else has by now goes back.
async fn without(trial: &Trial<'_>, server: &Server, outcome: &mut Outcome) -> Result {
    let event = trial.event(trial.kills, 2500).await?;
    let late = everybody(trial.kills, server.address, &event, "after_expiry").await?;
    let quick = everybody(trial.kills, server.address, &event, "succeed").await?;
    told(trial).await?;
    let (stock, count) = (trial.stage.stock(&event).await?, i64::from(trial.kills));
    let unpaid = trial.stage.unpaid_orders(&late).await?.len()
        + trial.stage.unpaid_orders(&quick).await?.len();
    outcome.must(unpaid == 0, format!("{unpaid} payments were forgotten"));
    outcome.must(
        stock.tickets == count && stock.tickets <= stock.capacity,
        format!("{} tickets for {} places", stock.tickets, stock.capacity),
    );
    outcome.see(format!(
        "{count} paid late for places that {count} others took meanwhile: {} tickets for {} places, the rest sent back",
        stock.tickets, stock.capacity
    ));
    Ok(())
}

/// So many people buy one ticket each, one after the other, and let the payment end that way.
async fn everybody(
    count: u32,
    address: SocketAddr,
    event: &HotEvent,
    outcome: &str,
) -> Result<Vec<String>> {
    let mut client = Client::new(address);
    let mut secrets = Vec::new();
    for _ in 0..count {
        let bought = buy(&mut client, event, address, outcome).await;
        secrets.push(bought.map_err(|stopped| format!("a buyer was stopped: {stopped}"))?);
    }
    Ok(secrets)
}

/// The sandbox waits a few seconds before it tells.
async fn told(trial: &Trial<'_>) -> Result {
    tokio::time::sleep(Duration::from_secs(5)).await;
    settle::payments(&trial.stage, END).await?;
    Ok(())
}
