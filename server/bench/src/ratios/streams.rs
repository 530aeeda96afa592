//! R5: what one watcher of an event's live figures costs in memory.

use std::{io, net::SocketAddr, time::Duration};

use services::stage::NewHotEvent;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::Run;
use crate::{
    Result, cpu, http,
    load::{count, whole},
    processes::Server,
    stats::{Spread, short},
    table::{Goal, Row},
};

/// A process may hold 20,000 descriptors on small hosts.
const STEPS: [usize; 3] = [1_000, 5_000, 10_000];
const AT_ONCE: usize = 50;
/// Memory does not vary much from start to start.
const MOST_ROUNDS: usize = 3;

pub async fn measure(run: &Run<'_>) -> Result<Vec<Row>> {
    let event = run
        .stage
        .hot_event(NewHotEvent {
            places: 10_000,
            price_minor: 2500,
            most: 10,
        })
        .await?;
    let path = format!("/live/events/{}", event.event);
    let (mut slopes, mut last) = (Vec::new(), String::new());
    for _ in 0..run.rounds.min(MOST_ROUNDS) {
        let server = Server::start(run.place, true).await?;
        let mut streams = Vec::new();
        let mut points = Vec::new();
        for step in STEPS {
            while streams.len() < step {
                streams.extend(watch(server.address, &path).await?);
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
            let kilobytes = cpu::resident(server.pid()).ok_or("the server is gone")?;
            points.push((count(u64::try_from(streams.len())?), kilobytes));
        }
        slopes.push(slope(&points));
        last = points
            .iter()
            .map(|(watchers, kilobytes)| {
                format!("{} MB at {}", short(kilobytes / 1024.0), whole(*watchers))
            })
            .collect::<Vec<_>>()
            .join(", ");
    }
    let mut row = Row::new(
        "R5",
        "memory of the server per idle watcher (SSE), as a slope",
        Goal::less(36.0, 12.0, 2.0),
    );
    row.value = Spread::of(&slopes);
    row.unit = "KB";
    row.notes.push(last);
    Ok(vec![row])
}

/// Opens a few streams at once and waits until each has told what it knows.
async fn watch(address: SocketAddr, path: &str) -> Result<Vec<TcpStream>> {
    let request = http::get(address, path);
    let opening: Vec<_> = (0..AT_ONCE)
        .map(|_| tokio::spawn(open(address, request.clone())))
        .collect();
    let mut streams = Vec::new();
    for stream in opening {
        streams.push(stream.await??);
    }
    Ok(streams)
}

async fn open(address: SocketAddr, request: Vec<u8>) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(&request).await?;
    let mut text = Vec::new();
    while !text.windows(5).any(|part| part == b"data:") {
        if stream.read_buf(&mut text).await? == 0 {
            return Err(io::Error::other("the stream ended before it told anything"));
        }
    }
    Ok(stream)
}

/// Least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let number = count(u64::try_from(points.len()).unwrap_or(1));
    let middle = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / number;
    let (x, y) = (middle(|point| point.0), middle(|point| point.1));
    let above: f64 = points
        .iter()
        .map(|point| (point.0 - x) * (point.1 - y))
        .sum();
    let below: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    above / below
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_straight_line_has_its_slope() {
        assert!((super::slope(&[(1.0, 5.0), (2.0, 7.0), (4.0, 11.0)]) - 2.0).abs() < 1e-9);
    }
}
