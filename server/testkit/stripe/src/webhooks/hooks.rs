//! Deliveries that wait, their log, and the mischief that tests ask for.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::Arc,
};

use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    fields::Fields,
    state::{below, real_millis},
};

/// One payload on its way to one endpoint.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    pub number: u64,
    pub endpoint: String,
    pub event: String,
    pub url: String,
    pub secret: String,
    pub payload: String,
    pub attempts: u32,
    pub not_before: i64,
}

/// What happens to deliveries that are made from now on.
#[derive(Debug, Default)]
pub struct Mischief {
    /// So many are lost.
    pub lose: u64,
    /// So many are repeated, each so many times more.
    pub repeat: (u64, u64),
    /// So many are delayed by so many milliseconds.
    pub delay: (u64, i64),
    /// So many are gathered and sent in another order.
    pub shuffle: u64,
    /// None is sent until they are released.
    pub hold: bool,
}

/// All that is known of deliveries.
#[derive(Debug, Default)]
pub struct Hooks {
    /// The mischief in force.
    pub mischief: Mischief,
    /// Rung whenever there may be something to send.
    pub wake: Arc<Notify>,
    queues: BTreeMap<String, VecDeque<Delivery>>,
    pub(super) busy: HashSet<String>,
    gathered: Vec<Delivery>,
    /// By number: an attempt's end is written where its beginning stands.
    log: BTreeMap<u64, Value>,
    counter: u64,
}

impl Hooks {
    /// What a reset keeps: numbers go on, so that answers of earlier deliveries hit nothing.
    pub fn ended(&mut self) -> (Arc<Notify>, u64) {
        (Arc::clone(&self.wake), self.counter)
    }

    /// Takes over from before a reset.
    pub fn carry_on(&mut self, (wake, counter): (Arc<Notify>, u64)) {
        self.wake = wake;
        self.counter = counter;
    }

    /// All deliveries so far, the oldest first.
    pub fn log(&self) -> impl Iterator<Item = &Value> {
        self.log.values()
    }

    /// Whether nothing waits and nothing is on its way.
    pub fn quiet(&self) -> bool {
        self.queues.values().all(VecDeque::is_empty)
            && self.busy.is_empty()
            && self.gathered.is_empty()
    }

    /// Sends a payload, subject to the mischief in force.
    pub(super) fn push(&mut self, mut delivery: Delivery, kind: &str) {
        let mischief = &mut self.mischief;
        if mischief.lose > 0 {
            mischief.lose -= 1;
            self.note(&mut delivery, kind, "lost");
            return;
        }
        if mischief.delay.0 > 0 {
            mischief.delay.0 -= 1;
            delivery.not_before = real_millis() + mischief.delay.1;
        }
        let mut copies = 1;
        if mischief.repeat.0 > 0 {
            mischief.repeat.0 -= 1;
            copies += mischief.repeat.1;
        }
        for _ in 0..copies {
            let mut delivery = delivery.clone();
            self.note(&mut delivery, kind, "waiting");
            if self.mischief.shuffle > 0 {
                self.mischief.shuffle -= 1;
                self.gathered.push(delivery);
                if self.mischief.shuffle == 0 {
                    self.stir();
                }
            } else {
                self.line_up(delivery);
            }
        }
        self.wake.notify_one();
    }

    /// Lets go of everything that is held or gathered.
    pub fn release(&mut self) {
        self.mischief.hold = false;
        self.mischief.shuffle = 0;
        self.stir();
        self.wake.notify_one();
    }

    /// Sends what was gathered in an order that is surely another one.
    fn stir(&mut self) {
        let mut stirred = std::mem::take(&mut self.gathered);
        let before: Vec<u64> = stirred.iter().map(|delivery| delivery.number).collect();
        for at in (1..stirred.len()).rev() {
            stirred.swap(at, below(at + 1));
        }
        if stirred.iter().map(|delivery| delivery.number).eq(before) && stirred.len() > 1 {
            stirred.rotate_left(1);
        }
        for delivery in stirred {
            self.line_up(delivery);
        }
    }

    /// Puts a delivery at the end of its endpoint's queue.
    pub(super) fn line_up(&mut self, delivery: Delivery) {
        self.queues
            .entry(delivery.endpoint.clone())
            .or_default()
            .push_back(delivery);
    }

    fn note(&mut self, delivery: &mut Delivery, kind: &str, state: &str) {
        self.counter += 1;
        delivery.number = self.counter;
        let entry = json!({
            "delivery": delivery.number, "event": delivery.event, "type": kind,
            "endpoint": delivery.endpoint, "url": delivery.url, "state": state, "attempts": 0,
            "status": null,
        });
        self.log.insert(delivery.number, entry);
    }

    /// Deliveries whose time has come, at most one for each endpoint.
    pub(super) fn ready(&mut self) -> Vec<Delivery> {
        let mut ready = Vec::new();
        if self.mischief.hold {
            return ready;
        }
        let now = real_millis();
        for (endpoint, queue) in &mut self.queues {
            if self.busy.contains(endpoint) {
                continue;
            }
            let due = queue.iter().position(|delivery| delivery.not_before <= now);
            if let Some(delivery) = due.and_then(|at| queue.remove(at)) {
                self.busy.insert(endpoint.clone());
                ready.push(delivery);
            }
        }
        ready
    }

    /// Writes into the log what came of an attempt.
    pub(super) fn record(&mut self, delivery: &Delivery, status: Option<u16>, state: &str) {
        if let Some(entry) = self.log.get_mut(&delivery.number) {
            entry.set("attempts", delivery.attempts);
            entry.set("status", status);
            entry.set("state", state);
        }
    }
}
