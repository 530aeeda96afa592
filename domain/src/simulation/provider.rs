//! The payment provider, with a book of its own: asked twice it does once, and it reports late, twice and out of order.

use std::collections::BTreeMap;

use super::{action::Action, world::World};
use crate::{
    money::Money,
    payments::{DeclineReason, PaymentNews},
};

#[derive(Default)]
pub(super) struct Provider {
    /// By our number of the payment.
    pub(super) charges: BTreeMap<usize, Charge>,
    events: u64,
}

pub(super) struct Charge {
    pub(super) amount: Money,
    pub(super) taken: bool,
    /// By our number of the refund.
    pub(super) back: BTreeMap<usize, Money>,
    shown: bool,
}

/// What the provider tells, under a name that repeats carry as well.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) event: u64,
    pub(super) payment: usize,
    pub(super) news: PaymentNews,
}

impl Charge {
    pub(super) fn returned(&self) -> i64 {
        self.back.values().map(|amount| amount.minor).sum()
    }
}

impl Provider {
    pub(super) fn open(&mut self, payment: usize, amount: Money) {
        let new = Charge {
            amount,
            taken: false,
            back: BTreeMap::new(),
            shown: false,
        };
        self.charges.entry(payment).or_insert(new);
    }

    /// Whether the buyer sees the page for the first time.
    pub(super) fn show(&mut self, payment: usize) -> bool {
        let charge = self.charges.get_mut(&payment).unwrap();
        !std::mem::replace(&mut charge.shown, true)
    }

    pub(super) fn refund(&mut self, payment: usize, refund: usize, amount: Money) {
        let charge = self.charges.get_mut(&payment).unwrap();
        charge.back.insert(refund, amount);
        let taken = if charge.taken { charge.amount.minor } else { 0 };
        assert!(
            charge.returned() <= taken,
            "I6: more refunded than captured"
        );
    }
}

impl World {
    /// What the buyer does at the provider's page, and what we will hear of it.
    pub(super) fn pay(&mut self, payment: usize) {
        let failed = PaymentNews::Failed {
            reason: DeclineReason::CardDeclined,
        };
        let timed_out = PaymentNews::Failed {
            reason: DeclineReason::TimedOut,
        };
        let charge = self.provider.charges.get_mut(&payment).unwrap();
        let news: &[PaymentNews] = match self.chance.below(12) {
            0 => &[failed],
            // The bank was slow: a failure is reported for money that was taken after all.
            1..4 => &[timed_out, PaymentNews::Processing, PaymentNews::Succeeded],
            // The buyer just closes the page.
            4 => &[],
            5..8 => &[PaymentNews::Succeeded],
            _ => &[PaymentNews::Processing, PaymentNews::Succeeded],
        };
        charge.taken = news.contains(&PaymentNews::Succeeded);
        let told_failed = news.contains(&timed_out);
        for news in news {
            self.provider.events += 1;
            let message = Message {
                event: self.provider.events,
                payment,
                news: *news,
            };
            for _ in 0..self.chance.between(1, 3) {
                let slow = told_failed && *news == PaymentNews::Succeeded;
                let until = if slow || self.chance.one_in(6) {
                    2_500
                } else {
                    40
                };
                self.soon(0, until, Action::Hear(message));
            }
        }
    }
}
