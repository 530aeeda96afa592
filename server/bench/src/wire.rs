//! The wire between the server and PostgreSQL, which can be cut, slowed down or go silent.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, tcp},
    task::JoinHandle,
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
}

/// What a way across an ocean adds: 200 ms there and back.
const DELAY: Duration = Duration::from_millis(100);
const GLANCE: Duration = Duration::from_millis(5);

/// A wire to `host:port`. It lies as long as this lives.
pub struct Wire {
    pub address: SocketAddr,
    state: Arc<AtomicU8>,
    task: JoinHandle<()>,
}

impl Wire {
    pub async fn lay(to: String) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(AtomicU8::new(0));
        let task = tokio::spawn(serve(listener, to, Arc::clone(&state)));
        Ok(Self {
            address,
            state,
            task,
        })
    }

    pub fn turn(&self, to: State) {
        let code = match to {
            State::Good => 0,
            State::Slow => 1,
            State::Silent => 2,
            State::Cut => 3,
        };
        self.state.store(code, Ordering::SeqCst);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn now(state: &AtomicU8) -> State {
    match state.load(Ordering::SeqCst) {
        0 => State::Good,
        1 => State::Slow,
        2 => State::Silent,
        _ => State::Cut,
    }
}

async fn serve(listener: TcpListener, to: String, state: Arc<AtomicU8>) {
    while let Ok((here, _)) = listener.accept().await {
        if now(&state) == State::Cut {
            continue;
        }
        let (to, state) = (to.clone(), Arc::clone(&state));
        tokio::spawn(async move {
            let Ok(there) = TcpStream::connect(to).await else {
                return;
            };
            let _ = (here.set_nodelay(true), there.set_nodelay(true));
            let ((from_here, to_here), (from_there, to_there)) =
                (here.into_split(), there.into_split());
            // When one way ends, so does the other: both ends see it.
            tokio::select! {
                () = carry(from_here, to_there, &state) => {}
                () = carry(from_there, to_here, &state) => {}
            }
        });
    }
}

async fn carry(mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, state: &AtomicU8) {
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = tokio::select! {
            read = from.read(&mut piece) => read,
            () = cut(state) => return,
        };
        let Ok(size @ 1..) = read else { return };
        // What was on the way when the wire went silent comes through afterwards, as a packet that is sent again does.
        while now(state) == State::Silent {
            tokio::time::sleep(GLANCE).await;
        }
        match now(state) {
            State::Cut => return,
            State::Slow => tokio::time::sleep(DELAY).await,
            State::Good | State::Silent => {}
        }
        if to.write_all(&piece[..size]).await.is_err() {
            return;
        }
    }
}

async fn cut(state: &AtomicU8) {
    while now(state) != State::Cut {
        tokio::time::sleep(GLANCE).await;
    }
}
