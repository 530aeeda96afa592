//! R14: from the start of the program to the first page, and what it holds when nothing happens.

use std::{net::TcpListener, time::Duration};

use services::stage::NewHotEvent;

use super::Run;
use crate::{
    Result, cpu,
    http::{self, Client},
    processes::Server,
    stats::Spread,
    table::{Goal, Row},
};

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    let event = run
        .stage
        .hot_event(NewHotEvent {
            places: 10_000,
            price_minor: 2500,
            most: 10,
        })
        .await?;
    let path = format!("/e/{}", event.slug);
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..run.rounds {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Server::spawn(run.place, true, port)?;
        starts.push(server.ready(&path).await?.as_secs_f64() * 1000.0);
        let mut client = Client::new(server.address);
        for _ in 0..20 {
            client.send(&http::get(server.address, &path)).await?;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        let kilobytes = cpu::resident(server.pid()).ok_or("the server is gone")?;
        memory.push(kilobytes / 1024.0);
    }
    let mut start = Row::new(
        "R14",
        "cold start to the first event page with status 200",
        Goal::less(1000.0, 300.0, 100.0),
    );
    start.value = Spread::of(&starts);
    start.unit = "ms";
    let mut idle = Row::new(
        "R14",
        "memory of the idle server, worker inside, after twenty pages",
        Goal::less(120.0, 60.0, 35.0),
    );
    idle.value = Spread::of(&memory);
    idle.unit = "MB";
    Ok(vec![start, idle])
}
