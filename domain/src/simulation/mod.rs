//! A million orders that live by the rules of this crate while everything around them fails: processes die between any
//! two steps, clients and providers repeat themselves, news comes late and out of order, doors have no network and wrong
//! clocks. After every transaction the promises of the product are counted anew; docs/algorithms/simulation.md says which.
//!
//! The use cases here follow those of the server step by step, and every decision is made by the rules themselves.

mod action;
mod buyers;
mod cancel;
mod catalog;
mod chance;
mod checkout;
mod database;
mod doors;
mod holds;
mod payments;
mod promises;
mod provider;
mod refunds;
mod rows;
mod sync;
mod tally;
mod world;

use std::collections::BTreeMap;

use self::{
    rows::{Order, Outcome},
    world::World,
};
use crate::{orders::OrderState, payments::PaymentState};

/// How many orders each of the tests below places, at least. There are eight, so that all cores have something to do.
const ORDERS: usize = 125_000;
/// Seeds are counted up from here in each test, far from those of the others.
const APART: u64 = 1_000_000_000;

/// Says where it happened when a promise is broken.
struct Place {
    seed: u64,
    world: World,
}

impl Place {
    fn run(seed: u64, traced: bool) -> Self {
        let mut place = Self {
            seed,
            world: World::new(seed, traced),
        };
        place.world.run();
        place
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { seed, world } = self;
            eprintln!(
                "seed {seed}, step {}; to see it: BILTEN_SEED={seed} cargo test -p domain simulation",
                world.steps
            );
        }
    }
}

fn orders_keep_every_promise(part: u64) {
    if let Ok(seed) = std::env::var("BILTEN_SEED") {
        if part == 0 {
            let seed = seed.parse().unwrap();
            Place::run(seed, true);
        }
        return;
    }
    let mut orders = 0;
    let mut seed = part * APART;
    while orders < ORDERS {
        orders += Place::run(seed, false).world.db.orders.len();
        seed += 1;
    }
    println!("{orders} orders in {} worlds", seed - part * APART);
}

macro_rules! parts {
    ($($name:ident $part:literal),+) => {$(
        #[test]
        fn $name() {
            orders_keep_every_promise($part);
        }
    )+};
}

/// A simulation that never meets a fault proves nothing.
#[test]
fn what_can_go_wrong_does() {
    let mut seen = BTreeMap::new();
    for seed in 0..400 {
        let world = &Place::run(seed, false).world;
        let db = &world.db;
        let scans = |outcome| {
            db.scans
                .values()
                .filter(|scan| scan.outcome == outcome)
                .count()
        };
        let late = |order: &&Order| order.state == OrderState::Expired && !order.refunded.is_zero();
        let twice = |order: usize| {
            let its = db.payments.iter().filter(|payment| payment.order == order);
            its.filter(|payment| payment.state >= PaymentState::Succeeded)
                .count()
                > 1
        };
        for (what, times) in [
            ("the process dies", world.deaths),
            ("late money gets its tickets", db.tally.revived),
            (
                "late money goes back",
                db.orders.iter().filter(late).count(),
            ),
            (
                "an order is paid twice",
                (0..db.orders.len()).filter(|order| twice(*order)).count(),
            ),
            ("two doors let the same ticket in", scans(Outcome::Conflict)),
            (
                "a ticket is void when the server hears of it",
                scans(Outcome::LateRevoked),
            ),
            ("a scan is taken back", scans(Outcome::Undone)),
            (
                "an event is called off",
                db.called_off.into_iter().filter(|off| *off).count(),
            ),
            (
                "a refund in part",
                db.orders
                    .iter()
                    .filter(|order| order.state == OrderState::Paid && !order.refunded.is_zero())
                    .count(),
            ),
        ] {
            *seen.entry(what).or_default() += times;
        }
    }
    println!("{seen:#?}");
    assert!(seen.values().all(|times: &usize| *times > 20), "{seen:#?}");
}

parts! { first 0, second 1, third 2, fourth 3, fifth 4, sixth 5, seventh 6, eighth 7 }
