//! The simulated world: what is to happen when, and what goes wrong meanwhile.

use std::collections::BTreeMap;

use super::{
    action::Action,
    buyers::Buyer,
    catalog::Catalog,
    chance::Chance,
    database::{Crash, Database, Tx},
    doors::Door,
    provider::Provider,
    rows::{Job, Key, Write},
};
use crate::planted::{Bug, planted};

/// More steps than this and something runs in circles.
const STEPS: u32 = 20_000;
/// Neither a job nor a message dies more often than this in a row.
const DEATHS: u8 = 3;

pub(super) struct World {
    pub(super) now: i64,
    pub(super) chance: Chance,
    pub(super) catalog: Catalog,
    pub(super) db: Database,
    pub(super) provider: Provider,
    pub(super) buyers: Vec<Buyer>,
    /// Requests for places that wait in the server's memory.
    pub(super) waiting: Vec<usize>,
    pub(super) doors: Vec<Door>,
    pub(super) steps: u32,
    pub(super) wishes: u32,
    pub(super) deaths: usize,
    /// By time; what is due at the same instant comes in any order.
    agenda: BTreeMap<(i64, u64), (Action, u8)>,
    calm: bool,
    traced: bool,
}

impl World {
    pub(super) fn new(seed: u64, traced: bool) -> Self {
        let mut chance = Chance::new(seed);
        let catalog = Catalog::new(&mut chance);
        let pools = catalog.empty_pools(&mut chance);
        let mut world = Self {
            now: 0,
            chance,
            catalog,
            db: Database::new(pools),
            provider: Provider::default(),
            buyers: Vec::new(),
            waiting: Vec::new(),
            doors: Vec::new(),
            steps: 0,
            wishes: 0,
            deaths: 0,
            agenda: BTreeMap::new(),
            calm: false,
            traced,
        };
        world.people_come();
        world.doors_open();
        world.organizer_plans();
        for minute in 1..20 {
            world.later(minute * 600, Action::LookAround);
        }
        world
    }

    fn organizer_plans(&mut self) {
        for _ in 0..self.chance.below(4) {
            let pool = self.chance.index(self.catalog.pools.len()).unwrap();
            let resize = Action::Resize {
                pool: self.catalog.pools[pool],
                capacity: self.chance.below(40),
            };
            self.soon(0, 6_000, resize);
        }
        if self.chance.one_in(8) {
            let event = usize::from(self.chance.one_in(2));
            self.soon(2_000, 9_000, Action::CallOff { event });
        }
    }

    /// Lets everything happen, then brings all doors home and counts everything anew.
    pub(super) fn run(&mut self) {
        while let Some(((at, _), (action, deaths))) = self.agenda.pop_first() {
            self.now = at;
            self.steps += 1;
            assert!(self.steps < STEPS, "I11: the world does not come to rest");
            if self.traced {
                let mut told = format!("{action:?}");
                if deaths > 0 {
                    told += " once more";
                }
                self.say(&format!("step {} at {at} s: {told}", self.steps));
            }
            self.calm = deaths >= DEATHS;
            match self.act(&action) {
                // Clients, workers, providers and doors repeat what was not answered, under the same key.
                Err(Crash) => {
                    self.dies();
                    let wait = self.chance.between(1, 15);
                    self.put_off(wait.into(), action, deaths + 1);
                }
                // And sometimes what was: a double click, a message twice, a job whose lease ran out.
                Ok(()) if action.may_repeat() && self.chance.one_in(8) => {
                    self.soon(0, 90, action);
                }
                Ok(()) => {}
            }
        }
        self.calm = true;
        self.doors_come_home();
        self.check_all();
    }

    fn act(&mut self, action: &Action) -> Result<(), Crash> {
        match action {
            Action::Ask { buyer } => self.ask(*buyer),
            Action::Batch => self.batch(),
            Action::Leave { buyer } => self.leave(*buyer)?,
            Action::Place { buyer } => self.place(*buyer)?,
            Action::Start { order } => self.start(*order)?,
            Action::Open { payment } => self.open(*payment)?,
            Action::Known { payment } => self.known(*payment)?,
            Action::Pay { payment } => self.pay(*payment),
            Action::Hear(message) => self.hear(message)?,
            Action::Work(Job::ExpireHold { hold }) => self.expire_hold(*hold)?,
            Action::Work(Job::ExpireOrder { order }) => self.expire_order(*order)?,
            Action::Work(Job::SendRefund { refund }) => self.send_refund(*refund)?,
            Action::BuyerCancels { order } => self.buyer_cancels(*order)?,
            Action::OrganizerCancels { order } => self.organizer_cancels(*order)?,
            Action::Refund(wish) => self.refund(wish)?,
            Action::CallOff { event } => self.call_event_off(*event)?,
            Action::Resize { pool, capacity } => self.resize(*pool, *capacity)?,
            Action::Scan { door } => self.scan(*door),
            Action::Undo { door } => self.undo(*door),
            Action::ClockJumps { door } => self.clock_jumps(*door),
            Action::Send { door } => self.send(*door)?,
            Action::Load { door } => self.load(*door),
            Action::LookAround => self.nothing_is_stuck(),
        }
        Ok(())
    }

    pub(super) fn later(&mut self, seconds: i64, action: Action) {
        self.put_off(seconds, action, 0);
    }

    /// After some time between the two, in seconds.
    pub(super) fn soon(&mut self, from: u32, end: u32, action: Action) {
        let wait = self.chance.between(from, end);
        self.later(wait.into(), action);
    }

    fn put_off(&mut self, seconds: i64, action: Action, deaths: u8) {
        let order = self.chance.number();
        self.agenda
            .insert((self.now + seconds, order), (action, deaths));
    }

    /// One transaction in eight does not live to hear of its end.
    pub(super) fn begin(&mut self) -> Tx {
        let dies = !self.calm && self.chance.one_in(8);
        let steps = dies.then(|| self.chance.index(9).unwrap_or_default());
        Tx::that_dies_after(steps)
    }

    pub(super) fn commit(&mut self, tx: Tx) -> Result<(), Crash> {
        tx.still_alive()?;
        let dies = tx.dies_at_last();
        for write in &tx.writes {
            if self.traced {
                self.say(&format!("    {}", write.told()));
            }
            if let Write::Job(at, job) = write {
                // The worker looks for work every now and then.
                let late = self.chance.below(10);
                let wait = (*at - self.now).max(0) + i64::from(late);
                self.later(wait, Action::Work(*job));
            }
        }
        self.db.apply(tx.writes, &self.catalog, self.now);
        if dies { Err(Crash) } else { Ok(()) }
    }

    pub(super) fn dies(&mut self) {
        self.deaths += 1;
        self.say("    the process dies");
    }

    /// What a request with this key was answered, if it is a repeat.
    pub(super) fn answered(&self, key: Key) -> Option<usize> {
        let known = self.db.keys.get(&key).copied();
        known.filter(|_| !planted(Bug::KeyIgnored))
    }

    /// Not through `print!`, which a passing test keeps to itself.
    pub(super) fn say(&self, line: &str) {
        if self.traced {
            use std::io::Write as _;
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }
}
