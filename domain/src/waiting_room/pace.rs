//! How many are let in at a time: as many as buy, and a few more; fewer where those who have ordered do not get to pay.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// So many a second are always let in, so that a sale begins at all.
const LEAST_PER_SECOND: f64 = 50.0;
/// So many a second are let in even if nobody gets to pay: when paying works again, it must show.
const LEAST_WHILE_STALLED: f64 = 5.0;
/// More are let in than buy: some change their mind, and a house that can do more should be found out. So many times as many
/// where everybody who orders gets to pay, and fewer in the share of those who do not.
const AHEAD: f64 = 2.0;
/// The share of those who pay, as long as too few have come to the age to be counted.
const USUAL_SHARE: f64 = 0.75;
/// What is left of [`AHEAD`] where nobody gets to pay.
const LEAST_SHARE: f64 = 0.05;
/// Below this share paying is taken to be slow, and fewer are let in than at the least else.
const SLOW_SHARE: f64 = 0.5;
/// From so many orders a second on their share says something.
const COUNTABLE: f64 = 0.5;
/// Over how many seconds figures are smoothed.
const SMOOTHING: f64 = 10.0;
/// Whoever was let in and has not chosen after so many seconds has probably gone.
const CHOOSING_SECONDS: f64 = 120.0;
/// How many may be choosing for each reservation a second: what people take to choose, in seconds. Beyond it more people
/// inside only hinder each other.
const CHOOSING_PER_HELD: f64 = 60.0;
/// How many may be choosing for each place that is left, so that few are let in to find nothing.
const CHOOSING_PER_PLACE: f64 = 2.0;
/// After a standstill nobody is let in for the time that passed.
const LONGEST_TURN: f64 = 5.0;

/// Whoever has placed an order has usually paid it by then.
pub const PAID_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// What is known of the line's speed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    /// Reservations a second, lately.
    pub held_per_second: f64,
    /// Let in a second, lately.
    pub admitted_per_second: f64,
    /// How many are probably choosing.
    pub choosing: f64,
    /// Orders that came to the age of [`PAID_WITHIN`] in a second, lately.
    pub due_per_second: f64,
    /// Those of them that were paid.
    pub paid_per_second: f64,
}

/// What happened since the last turn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// How long ago it was.
    pub seconds: f64,
    /// Reservations made meanwhile.
    pub held: u32,
    /// Orders that came to the age of [`PAID_WITHIN`] meanwhile.
    pub due: u32,
    /// Those of them that are paid.
    pub paid: u32,
    /// Places that can still be had.
    pub left: u32,
    /// How many wait.
    pub waiting: u64,
}

impl Pace {
    /// How many are let in now, and the pace after it.
    pub fn turn(self, turn: Turn) -> (u64, Self) {
        let seconds = turn.seconds.clamp(0.0, LONGEST_TURN);
        let gone = self.choosing * (-seconds / CHOOSING_SECONDS).exp();
        let choosing = (gone - f64::from(turn.held)).max(0.0);
        let held_per_second = smooth(self.held_per_second, f64::from(turn.held), seconds);
        let due_per_second = smooth(self.due_per_second, f64::from(turn.due), seconds);
        let paid_per_second = smooth(self.paid_per_second, f64::from(turn.paid), seconds);
        let share = share(due_per_second, paid_per_second);
        let least = (LEAST_PER_SECOND * (share / SLOW_SHARE).min(1.0)).max(LEAST_WHILE_STALLED);
        let wanted = least.max(held_per_second * AHEAD * share) * seconds;
        let most = (f64::from(turn.left) * CHOOSING_PER_PLACE)
            .min(LEAST_PER_SECOND.max(held_per_second) * CHOOSING_PER_HELD);
        let room = (most - choosing).max(0.0);
        let admitted = whole(wanted.min(room)).min(turn.waiting);
        let count = admitted as f64;
        let pace = Self {
            held_per_second,
            admitted_per_second: smooth(self.admitted_per_second, count, seconds),
            choosing: choosing + count,
            due_per_second,
            paid_per_second,
        };
        (admitted, pace)
    }
}

/// The share of those who ordered that got to pay.
fn share(due: f64, paid: f64) -> f64 {
    if due < COUNTABLE {
        return USUAL_SHARE;
    }
    (paid / due).clamp(LEAST_SHARE, 1.0)
}

/// The average with `count` more in the last `seconds`.
fn smooth(before: f64, count: f64, seconds: f64) -> f64 {
    if seconds <= 0.0 {
        return before;
    }
    let weight = (-seconds / SMOOTHING).exp();
    before * weight + count / seconds * (1.0 - weight)
}

/// Rounded down; nothing for what is no number.
fn whole(value: f64) -> u64 {
    // A cast from floating point saturates and takes "not a number" as nothing.
    value as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn turn(held: u32) -> Turn {
        Turn {
            seconds: 1.0,
            held,
            due: 0,
            paid: 0,
            left: 100_000,
            waiting: 100_000,
        }
    }

    /// Lets in for so many seconds while `buy` says how many of those choosing buy in a second.
    fn run(seconds: u32, mut turn: Turn, buy: impl Fn(f64) -> u32) -> (u64, Pace) {
        let (mut all, mut pace) = (0, Pace::default());
        for _ in 0..seconds {
            turn.held = buy(pace.choosing);
            let (admitted, next) = pace.turn(turn);
            (all, pace) = (all + admitted, next);
        }
        (all, pace)
    }

    #[test]
    fn a_sale_begins_although_nobody_has_bought() {
        assert_eq!(Pace::default().turn(turn(0)).0, 50);
    }

    #[test]
    fn admission_follows_what_is_bought() {
        // A tenth of those choosing buy each second, at most 300 (what the house can do).
        let (_, pace) = run(300, turn(0), |choosing| ((choosing / 10.0) as u32).min(300));
        assert!(pace.held_per_second > 290.0, "{pace:?}");
        assert!(
            (290.0..=460.0).contains(&pace.admitted_per_second),
            "{pace:?}"
        );
        assert!(pace.choosing < 18_500.0, "{pace:?}");
        // It stalls: within a minute no more than the least is let in.
        let mut stalled = pace;
        for _ in 0..60 {
            stalled = stalled.turn(turn(0)).1;
        }
        assert!(stalled.admitted_per_second < 60.0, "{stalled:?}");
    }

    /// A house in which 100 a second reserve and order, and this share of them pays within the minute.
    fn at_share(paid: u32) -> f64 {
        let pace = (0..50).fold(Pace::default(), |pace, _| {
            let busy = Turn {
                due: 100,
                paid,
                ..turn(100)
            };
            pace.turn(busy).1
        });
        pace.admitted_per_second
    }

    #[test]
    fn admission_follows_what_is_paid() {
        let (all, usual, half, few, none) = (
            at_share(100),
            at_share(75),
            at_share(50),
            at_share(20),
            at_share(0),
        );
        assert!((185.0..=200.0).contains(&all), "{all}");
        assert!((140.0..=151.0).contains(&usual), "{usual}");
        assert!((90.0..=101.0).contains(&half), "{half}");
        assert!((35.0..=41.0).contains(&few), "{few}");
        assert!((5.0..=11.0).contains(&none), "{none}");
        // Paying works again: within a minute as many come in as before.
        let stalled = (0..50).fold(Pace::default(), |pace, _| {
            pace.turn(Turn {
                due: 100,
                ..turn(100)
            })
            .1
        });
        let mended = (0..60).fold(stalled, |pace, _| {
            pace.turn(Turn {
                due: 100,
                paid: 75,
                ..turn(100)
            })
            .1
        });
        assert!(mended.admitted_per_second > 140.0, "{mended:?}");
    }

    #[test]
    fn few_are_let_in_to_find_nothing() {
        let scarce = Turn {
            left: 10,
            ..turn(0)
        };
        let (all, _) = run(60, scarce, |_| 0);
        // Twenty choose; those who have probably gone are replaced.
        assert!((20..=40).contains(&all), "{all}");
        assert_eq!(Pace::default().turn(Turn { left: 0, ..turn(0) }).0, 0);
    }

    proptest! {
        #[test]
        fn never_more_than_wait(
            seconds in 0.0_f64..100.0, held in 0_u32..5_000, left in 0_u32..1_000_000, waiting in 0_u64..1_000_000,
            choosing in 0.0_f64..1e6, rate in 0.0_f64..1e5, due in 0_u32..5_000, paid in 0_u32..5_000,
        ) {
            let pace = Pace {
                held_per_second: rate, admitted_per_second: rate, choosing, due_per_second: rate, paid_per_second: rate,
            };
            let (admitted, next) = pace.turn(Turn { seconds, held, due, paid, left, waiting });
            prop_assert!(admitted <= waiting);
            prop_assert!(admitted <= u64::from(left) * 2);
            // More who pay never let fewer in.
            let (more, _) = pace.turn(Turn { seconds, held, due, paid: paid + 100, left, waiting });
            prop_assert!(more >= admitted);
            prop_assert!(next.held_per_second.is_finite() && next.admitted_per_second.is_finite() && next.choosing >= 0.0);
        }
    }
}
