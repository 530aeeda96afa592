//! People who want tickets: they ask, leave, pay late, pay twice, click twice.

use super::{action::Action, rows::Lines, world::World};

pub(super) struct Buyer {
    pub(super) event: usize,
    pub(super) wants: Lines,
    /// What the server told them; a repeat must be told the same.
    pub(super) hold: Option<usize>,
    pub(super) order: Option<usize>,
}

impl World {
    pub(super) fn people_come(&mut self) {
        for buyer in 0..usize::try_from(self.chance.between(20, 90)).unwrap() {
            let event = usize::from(self.chance.one_in(8));
            let wants = if event == 1 {
                vec![(4, self.chance.between(1, 4))]
            } else {
                self.wants()
            };
            self.buyers.push(Buyer {
                event,
                wants,
                hold: None,
                order: None,
            });
            // Some come together, when the sale opens; the others over the day.
            let until = if self.chance.one_in(3) { 20 } else { 6_000 };
            self.soon(0, until, Action::Ask { buyer });
        }
    }

    fn wants(&mut self) -> Lines {
        let first = self.chance.index(4).unwrap_or_default();
        let mut wants = vec![(first, self.chance.between(1, 5))];
        if self.chance.one_in(3) {
            wants.push(((first + 1) % 4, self.chance.between(1, 3)));
        }
        wants
    }

    /// The request waits in the server's memory for the next batch.
    pub(super) fn ask(&mut self, buyer: usize) {
        if self.waiting.is_empty() {
            self.later(1, Action::Batch);
        }
        self.waiting.push(buyer);
    }

    /// The answer to a request for places. A process that died answers nobody: then the buyer asks again.
    pub(super) fn told_of_hold(&mut self, buyer: usize, hold: usize) {
        let told = self.buyers[buyer].hold.replace(hold);
        if told.is_some() {
            assert_eq!(told, Some(hold), "I5: one key, two holds");
            return;
        }
        match self.chance.below(10) {
            0 => self.soon(1, 500, Action::Leave { buyer }),
            // Goes away without a word: the hold expires.
            1 => {}
            // Comes back when it may be too late.
            2 => self.soon(400, 900, Action::Place { buyer }),
            _ => self.soon(5, 300, Action::Place { buyer }),
        }
    }

    pub(super) fn told_of_order(&mut self, buyer: usize, order: usize) {
        let told = self.buyers[buyer].order.replace(order);
        if told.is_some() {
            assert_eq!(told, Some(order), "I5: one key, two orders");
            return;
        }
        if !self.db.orders[order].total.is_zero() {
            self.soon(1, 60, Action::Start { order });
            if self.chance.one_in(2) {
                // A second try, from another tab or after a failure.
                self.soon(60, 1_200, Action::Start { order });
            }
        }
        match self.chance.below(8) {
            0 => self.soon(10, 4_000, Action::BuyerCancels { order }),
            1 => self.soon(10, 4_000, Action::OrganizerCancels { order }),
            2..4 => {
                for _ in 0..self.chance.between(1, 4) {
                    let wish = self.refund_wish(order);
                    self.soon(10, 4_000, Action::Refund(wish));
                }
            }
            _ => {}
        }
    }
}
