//! The wire between the server and PostgreSQL, which can be cut, slowed down, go silent, lose packets or carry one way only.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp},
    task::{JoinHandle, JoinSet},
};

use crate::Result;

/// How the wire is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Good,
    /// Each piece of data takes longer, both ways.
    Slow,
    /// Nothing comes through and nobody is told, as when a cable is pulled: connections look alive.
    Silent,
    /// Connections end, and new ones are refused at once.
    Cut,
    /// One piece in a hundred comes later, and what follows it as well. What stands between two connections cannot drop a
    /// packet of either; to both ends a lost one looks just so: it is sent again after 200 ms.
    Lossy,
    /// What the server sends goes nowhere, and nobody is told: half-open connections, which stay so for good, as do those
    /// that a router has forgotten. New ones are good once the wire is.
    Deaf,
    /// The same with what PostgreSQL sends.
    Mute,
}

/// What a way across an ocean adds: 200 ms there and back.
const DELAY: Duration = Duration::from_millis(100);
/// The shortest time after which Linux sends a packet again.
const SENT_AGAIN: Duration = Duration::from_millis(200);
const ONE_IN: u64 = 100;
const GLANCE: Duration = Duration::from_millis(5);

/// A wire to `host:port`. It lies as long as this lives.
pub struct Wire {
    pub address: SocketAddr,
    line: Arc<Line>,
    task: JoinHandle<()>,
}

/// What all connections have in common.
#[derive(Default)]
struct Line {
    state: AtomicU8,
    /// Pieces carried while some are lost.
    pieces: AtomicU64,
}

/// Which way a connection carries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    ToPostgres,
    ToServer,
}

impl Wire {
    pub async fn lay(to: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let line = Arc::new(Line::default());
        let task = tokio::spawn(serve(listener, to, Arc::clone(&line)));
        Ok(Self {
            address,
            line,
            task,
        })
    }

    pub fn turn(&self, to: State) {
        let code = match to {
            State::Good => 0,
            State::Slow => 1,
            State::Silent => 2,
            State::Cut => 3,
            State::Lossy => 4,
            State::Deaf => 5,
            State::Mute => 6,
        };
        self.line.state.store(code, Ordering::SeqCst);
    }

    /// How many pieces were lost and sent again.
    pub fn lost(&self) -> u64 {
        self.line.pieces.load(Ordering::Relaxed) / ONE_IN
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Line {
    fn now(&self) -> State {
        match self.state.load(Ordering::SeqCst) {
            0 => State::Good,
            1 => State::Slow,
            2 => State::Silent,
            3 => State::Cut,
            4 => State::Lossy,
            5 => State::Deaf,
            _ => State::Mute,
        }
    }

    /// Whether what goes this way arrives nowhere.
    fn swallows(&self, way: Way) -> bool {
        matches!(
            (self.now(), way),
            (State::Deaf, Way::ToPostgres) | (State::Mute, Way::ToServer)
        )
    }

    async fn cut(&self) {
        while self.now() != State::Cut {
            tokio::time::sleep(GLANCE).await;
        }
    }
}

/// Connections live as long as the wire.
async fn serve(listener: TcpListener, to: String, line: Arc<Line>) {
    let mut connections = JoinSet::new();
    while let Ok((here, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        if line.now() == State::Cut {
            continue;
        }
        let (to, line) = (to.clone(), Arc::clone(&line));
        connections.spawn(async move {
            let Ok(there) = TcpStream::connect(to).await else {
                return;
            };
            let _ = (here.set_nodelay(true), there.set_nodelay(true));
            let ((from_here, to_here), (from_there, to_there)) =
                (here.into_split(), there.into_split());
            // When one way ends, so does the other: both ends see it.
            tokio::select! {
                () = carry(from_here, to_there, Way::ToPostgres, &line) => {}
                () = carry(from_there, to_here, Way::ToServer, &line) => {}
            }
        });
    }
}

async fn carry(mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, way: Way, line: &Line) {
    let mut piece = vec![0; 64 * 1024];
    let mut lost_for_good = false;
    loop {
        let read = tokio::select! {
            read = from.read(&mut piece) => read,
            () = line.cut() => return,
        };
        lost_for_good |= line.swallows(way);
        if lost_for_good {
            if !matches!(read, Ok(1..)) {
                // Its end is not heard of on the other side either.
                line.cut().await;
                return;
            }
            continue;
        }
        let Ok(size @ 1..) = read else { return };
        // What was on the way when the wire went silent comes through afterwards, as a packet that is sent again does.
        while line.now() == State::Silent {
            tokio::time::sleep(GLANCE).await;
        }
        match line.now() {
            State::Cut => return,
            State::Slow => tokio::time::sleep(DELAY).await,
            State::Lossy => {
                let number = line.pieces.fetch_add(1, Ordering::Relaxed) + 1;
                if number.is_multiple_of(ONE_IN) {
                    tokio::time::sleep(SENT_AGAIN).await;
                }
            }
            State::Good | State::Silent | State::Deaf | State::Mute => {}
        }
        if to.write_all(&piece[..size]).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(300);

    /// A wire to somebody who says everything again.
    async fn echo() -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Wire::lay(listener.local_addr().unwrap().to_string())
            .await
            .unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.into_split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        wire
    }

    /// Says something and hears it again; how long that took.
    async fn said(stream: &mut TcpStream) -> Option<Duration> {
        let begun = std::time::Instant::now();
        stream.write_all(b"hello").await.ok()?;
        let mut heard = [0; 5];
        timeout(SOON, stream.read_exact(&mut heard))
            .await
            .ok()?
            .ok()?;
        Some(begun.elapsed())
    }

    #[tokio::test]
    async fn a_connection_that_carried_one_way_only_does_so_for_good_and_new_ones_are_good() {
        for trouble in [State::Deaf, State::Mute] {
            let wire = echo().await;
            let mut old = TcpStream::connect(wire.address).await.unwrap();
            assert!(said(&mut old).await.is_some());
            wire.turn(trouble);
            assert!(said(&mut old).await.is_none(), "{trouble:?}");
            wire.turn(State::Good);
            assert!(said(&mut old).await.is_none(), "{trouble:?}");
            let mut new = TcpStream::connect(wire.address).await.unwrap();
            assert!(said(&mut new).await.is_some());
        }
    }

    #[tokio::test]
    async fn one_piece_in_a_hundred_is_sent_again_after_200_ms() {
        let wire = echo().await;
        let mut stream = TcpStream::connect(wire.address).await.unwrap();
        wire.turn(State::Lossy);
        let mut late = 0;
        for _ in 0..100 {
            // Each goes there and back.
            late += u32::from(said(&mut stream).await.unwrap() >= SENT_AGAIN);
        }
        assert_eq!((late, wire.lost()), (2, 2));
    }
}
