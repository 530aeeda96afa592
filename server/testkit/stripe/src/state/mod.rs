//! Everything the double knows, behind one lock.

mod clock;
mod due;
mod ids;
mod rows;

use std::collections::{BTreeMap, HashMap};

pub use clock::{Clock, real_millis};
pub use due::Due;
pub use ids::{below, letters};

use crate::{
    book::Sums,
    http::{Fault, Kept},
    options::Options,
    state::rows::Row,
    webhooks::Hooks,
};

/// The version of the API whose shapes the objects have.
pub const API_VERSION: &str = "2026-09-30.endive";

/// Objects, the book, what is due, and mischief.
#[derive(Debug)]
pub struct State {
    /// Where the double is reached: `http://127.0.0.1:12111`.
    pub url: String,
    /// What it was started with.
    pub options: Options,
    /// The id of the platform's own account.
    pub platform: String,
    /// Its time.
    pub clock: Clock,
    /// Webhooks that wait, and what happens to them.
    pub hooks: Hooks,
    /// Faults of the next answers.
    pub faults: Vec<Fault>,
    /// Answers by account and idempotency key.
    pub kept: HashMap<(String, String), Kept>,
    /// Balances by account and currency.
    pub sums: BTreeMap<(String, String), Sums>,
    /// The request that is being worked on, for the events that it makes: its id and idempotency key.
    pub request: (Option<String>, Option<String>),
    rows: HashMap<String, Row>,
    lists: HashMap<String, Vec<String>>,
    due: BTreeMap<(i64, u64), Due>,
    counter: u64,
}

impl State {
    /// An empty state. `url` is where the double is reached.
    pub fn new(url: String, options: Options) -> Self {
        let mut state = State {
            url,
            platform: format!("acct_1{}", letters(15)),
            clock: Clock::default(),
            hooks: Hooks::default(),
            faults: Vec::new(),
            kept: HashMap::new(),
            sums: BTreeMap::new(),
            request: (None, None),
            rows: HashMap::new(),
            lists: HashMap::new(),
            due: BTreeMap::new(),
            counter: 0,
            options,
        };
        state.begin();
        state
    }

    /// Forgets everything and begins anew, with the webhooks of the start.
    pub fn reset(&mut self) {
        let ended = self.hooks.ended();
        *self = State::new(self.url.clone(), self.options.clone());
        self.hooks.carry_on(ended);
    }

    fn begin(&mut self) {
        let account = crate::objects::account::platform(self);
        self.insert(&self.platform.clone(), account);
        for target in self.options.webhooks.clone() {
            crate::webhooks::register(self, &target);
        }
    }

    /// Seconds since 1970 by the double's time.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }
}
