//! Load, bounded in count and time. Closed: so many lanes, each asks again when it was answered. Open: requests begin at
//! a fixed rate whether or not earlier ones were answered.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use crate::stats::Samples;

/// What came of a load.
#[derive(Debug, Default)]
pub struct Tally {
    pub good: u64,
    pub failed: u64,
    /// How long good ones took.
    pub took: Samples,
    /// A few reasons for failures.
    pub reasons: Vec<String>,
    pub seconds: f64,
}

impl Tally {
    pub fn good(&mut self, took: Duration) {
        self.good += 1;
        self.took.add(took);
    }

    pub fn failed(&mut self, why: impl Into<String>) {
        self.failed += 1;
        if self.reasons.len() < 3 {
            let why = why.into();
            if !self.reasons.contains(&why) {
                self.reasons.push(why);
            }
        }
    }

    pub fn merge(&mut self, other: Self) {
        self.good += other.good;
        self.failed += other.failed;
        self.took.merge(other.took);
        for why in other.reasons {
            if self.reasons.len() < 3 && !self.reasons.contains(&why) {
                self.reasons.push(why);
            }
        }
    }

    /// Good ones per second.
    pub fn rate(&self) -> f64 {
        if self.seconds > 0.0 {
            count(self.good) / self.seconds
        } else {
            0.0
        }
    }
}

/// A count as a number to divide by; exact up to 2^53.
#[expect(
    clippy::as_conversions,
    reason = "there is no lossless conversion, and none is needed"
)]
pub fn count(number: u64) -> f64 {
    number as f64
}

/// One lane's share of a closed load: asks whether to go on.
#[derive(Clone)]
pub struct Until(Instant);

impl Until {
    pub fn more(&self) -> bool {
        Instant::now() < self.0
    }
}

/// Runs so many lanes for so long. A lane gets its number.
pub async fn closed<F, Fut>(lanes: usize, lasting: Duration, lane: F) -> Tally
where
    F: Fn(usize, Until) -> Fut,
    Fut: Future<Output = Tally> + Send + 'static,
{
    let begun = Instant::now();
    let until = Until(begun + lasting);
    let running: Vec<_> = (0..lanes)
        .map(|number| tokio::spawn(lane(number, until.clone())))
        .collect();
    let mut all = Tally::default();
    for lane in running {
        if let Ok(tally) = lane.await {
            all.merge(tally);
        }
    }
    all.seconds = begun.elapsed().as_secs_f64();
    all
}

/// What is due and could not be sent by then never is: a load ends, even where the server does not keep up.
const GRACE: Duration = Duration::from_secs(5);

/// The arrivals of an open load, shared by its lanes.
#[derive(Clone)]
pub struct Arrivals {
    next: Arc<AtomicU64>,
    begun: Instant,
    gap: Duration,
    last: u64,
}

/// One arrival.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// What its latency counts from. Where all lanes were busy this lies in the past: waiting for a lane is part of it.
    pub since: Instant,
}

impl Arrivals {
    pub fn new(rate: f64, lasting: Duration) -> Self {
        let gap = Duration::from_secs_f64(1.0 / rate.max(1.0));
        let last = (lasting.as_secs_f64() / gap.as_secs_f64()).round();
        Self {
            next: Arc::default(),
            begun: Instant::now() + Duration::from_millis(20),
            gap,
            last: whole(last),
        }
    }

    /// Whether the time for arrivals is over.
    pub fn over(&self) -> bool {
        Instant::now() > self.begun + self.gap.mul_f64(count(self.last))
    }

    /// Waits for the next arrival that this lane shall handle.
    pub async fn next(&self) -> Option<Arrival> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        if number >= self.last {
            return None;
        }
        let due = self.begun + self.gap.mul_f64(count(number));
        let now = Instant::now();
        if now > self.begun + self.gap.mul_f64(count(self.last)) + GRACE {
            return None;
        }
        if now < due {
            tokio::time::sleep_until(due.into()).await;
            // The timer's coarseness is ours, not the server's.
            let since = Instant::now();
            return Some(Arrival { since });
        }
        Some(Arrival { since: due })
    }
}

/// A rate or a count as a whole number.
#[expect(
    clippy::as_conversions,
    reason = "saturating, and nothing here comes near the bounds"
)]
pub fn whole(number: f64) -> u64 {
    number as u64
}

/// Runs an open load over so many lanes.
pub async fn open<F, Fut>(lanes: usize, rate: f64, lasting: Duration, lane: F) -> Tally
where
    F: Fn(usize, Arrivals) -> Fut,
    Fut: Future<Output = Tally> + Send + 'static,
{
    let arrivals = Arrivals::new(rate, lasting);
    let begun = arrivals.begun;
    let running: Vec<_> = (0..lanes)
        .map(|number| tokio::spawn(lane(number, arrivals.clone())))
        .collect();
    let mut all = Tally::default();
    for lane in running {
        if let Ok(tally) = lane.await {
            all.merge(tally);
        }
    }
    all.seconds = begun.elapsed().as_secs_f64();
    all
}
