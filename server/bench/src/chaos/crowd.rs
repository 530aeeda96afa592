//! Buyers who never give up: each repeats a step under the same key until it is answered.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use services::stage::HotEvent;
use tokio::task::JoinHandle;

use super::journal::{Journal, Kind};
use crate::{
    Result,
    buyer::{Buyer, Step, Stopped},
    http::Client,
};

const LANES: usize = 16;
/// People think between two requests; so the sale stays well below what the server could do.
const THOUGHT: Duration = Duration::from_millis(20);
/// Longest time for one step, all attempts together.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Crowd {
    pub journal: Arc<Journal>,
    stop: Arc<AtomicBool>,
    lanes: Vec<JoinHandle<()>>,
}

impl Crowd {
    /// Lets them loose.
    pub fn start(address: SocketAddr, event: &Arc<HotEvent>) -> Self {
        Self::of(LANES, address, event)
    }

    /// So many of them.
    pub fn of(lanes: usize, address: SocketAddr, event: &Arc<HotEvent>) -> Self {
        let (journal, stop) = (
            Arc::new(Journal::default()),
            Arc::new(AtomicBool::new(false)),
        );
        let lanes = (0..lanes)
            .map(|_| {
                let (event, journal, stop) =
                    (Arc::clone(event), Arc::clone(&journal), Arc::clone(&stop));
                tokio::spawn(async move {
                    let mut client = Client::new(address);
                    while !stop.load(Ordering::Relaxed) {
                        buy(&mut client, &event, &journal, address).await;
                    }
                })
            })
            .collect();
        Self {
            journal,
            stop,
            lanes,
        }
    }

    /// Waits until requests that began after this moment are answered well again, 99 of 100; returns since when, if ever.
    pub async fn recovered(&self, since: Instant) -> Option<Instant> {
        while since.elapsed() < PATIENCE {
            if let Some(when) = self.journal.well_again_after(since) {
                return Some(when);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        None
    }

    /// Lets everybody finish what they have begun.
    pub async fn stop(self) -> Result<Arc<Journal>> {
        self.stop.store(true, Ordering::Relaxed);
        for lane in self.lanes {
            lane.await?;
        }
        Ok(self.journal)
    }
}

/// One purchase of two tickets; one in ten sends each request twice.
async fn buy(client: &mut Client, event: &HotEvent, journal: &Journal, address: SocketAddr) {
    let buyer = Buyer::new(address, event);
    let mut person = Person {
        client,
        journal,
        twice: buyer.number.is_multiple_of(10),
    };
    let hold = buyer.hold(event, 2);
    let Some(hold) = person.does(&hold, Kind::Hold).await else {
        return;
    };
    let order = buyer.place(event, &hold, 2);
    let Some(secret) = person.does(&order, Kind::Order).await else {
        return;
    };
    let Some(reference) = person.does(&buyer.start(&secret), Kind::Start).await else {
        return;
    };
    let choice = buyer.choose(&reference, "succeed");
    person.does(&choice, Kind::Payment).await;
}

struct Person<'a> {
    client: &'a mut Client,
    journal: &'a Journal,
    /// Sees whether the answer stays the same.
    twice: bool,
}

impl Person<'_> {
    /// Repeats until there is an answer, and perhaps once more.
    async fn does(&mut self, step: &Step, kind: Kind) -> Option<String> {
        let name = self.once(step, kind).await?;
        if self.twice && self.once(step, kind).await? != name {
            self.journal.different(format!("{kind:?}"));
        }
        tokio::time::sleep(THOUGHT).await;
        Some(name)
    }

    async fn once(&mut self, step: &Step, kind: Kind) -> Option<String> {
        let journal = self.journal;
        let mut sent = Instant::now();
        let again = |stopped: &Stopped, begun: Instant| {
            match stopped {
                Stopped::Busy { after } => journal.busy(begun, *after),
                Stopped::Unknown(_) | Stopped::Refused(_) => journal.unanswered(begun),
            }
            // The next try is a request of its own.
            sent = Instant::now();
        };
        match step.insist(self.client, PATIENCE, again).await {
            Ok(name) => {
                journal.acknowledged(kind, &name, sent);
                Some(name)
            }
            Err(stopped) => {
                journal.refused(format!("{kind:?}: {stopped}"));
                None
            }
        }
    }
}
