//! A small world that lives by the rules of this crate: one event, one pool, buyers who pay late or twice, and two
//! doors without a network. After every step the promises of the product are counted anew.

mod promises;
mod world;

use proptest::{collection::vec, prelude::*};

use self::world::World;
use crate::{
    checkin::merge,
    orders::OrderState,
    payments::{DeclineReason, PaymentNews},
};

/// How many scanners there are.
const DOORS: usize = 2;

#[derive(Clone, Debug)]
enum Step {
    Hold { quantity: u32 },
    Expire { order: usize },
    Money { order: usize, news: PaymentNews },
    Cancel { order: usize },
    Refund { order: usize, minor: i64 },
    Scan { ticket: usize, door: usize },
    Undo { record: usize },
    Sync { door: usize },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let news = prop_oneof![
        4 => Just(PaymentNews::Succeeded),
        1 => Just(PaymentNews::Processing),
        1 => Just(PaymentNews::Failed { reason: DeclineReason::TimedOut }),
    ];
    let order = 0..8_usize;
    let step = prop_oneof![
        4 => (1..4_u32).prop_map(|quantity| Step::Hold { quantity }),
        2 => order.clone().prop_map(|order| Step::Expire { order }),
        6 => (order.clone(), news).prop_map(|(order, news)| Step::Money { order, news }),
        1 => order.clone().prop_map(|order| Step::Cancel { order }),
        2 => (order, prop_oneof![-5..2000_i64, Just(1234), Just(2468)])
            .prop_map(|(order, minor)| Step::Refund { order, minor }),
        4 => (0..12_usize, 0..DOORS).prop_map(|(ticket, door)| Step::Scan { ticket, door }),
        1 => (0..12_usize).prop_map(|record| Step::Undo { record }),
        1 => (0..DOORS).prop_map(|door| Step::Sync { door }),
    ];
    vec(step, 0..60)
}

proptest! {
    #[test]
    fn no_history_breaks_a_promise(capacity in 0..10_u32, steps in steps()) {
        let mut world = World::new(capacity);
        for step in steps {
            world.step(step);
            world.check();
        }
    }
}

#[test]
fn two_doors_without_a_network_leave_one_conflict() {
    let mut world = World::new(1);
    for step in [
        Step::Hold { quantity: 1 },
        Step::Money {
            order: 0,
            news: PaymentNews::Succeeded,
        },
        Step::Scan { ticket: 0, door: 0 },
        Step::Scan { ticket: 0, door: 0 },
        Step::Scan { ticket: 0, door: 1 },
    ] {
        world.step(step);
        world.check();
    }
    let merged = merge(world.log.clone(), |_| 1);
    assert_eq!((merged.admissions.len(), merged.conflicts.len()), (1, 1));
}

#[test]
fn late_money_buys_or_comes_back() {
    for (rival, state, left) in [(false, OrderState::Paid, 0), (true, OrderState::Expired, 0)] {
        let mut world = World::new(1);
        world.step(Step::Hold { quantity: 1 });
        world.step(Step::Expire { order: 0 });
        if rival {
            world.step(Step::Hold { quantity: 1 });
        }
        world.step(Step::Money {
            order: 0,
            news: PaymentNews::Succeeded,
        });
        world.check();
        assert_eq!((world.orders[0].state, world.pool.left()), (state, left));
        assert_eq!(world.orders[0].refunded == world.orders[0].captured, rival);
    }
}
