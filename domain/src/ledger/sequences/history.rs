//! One history: what was sold, and the books of it.

use super::{super::*, oracle::Oracle};
use crate::{
    disputes::{Case, DisputeState, Told},
    money::{Currency, Money},
    orders::{PaidFor, RefundPolicy, RefundSchedule, RefundTier},
    when::Timestamp,
};

/// A generator of its own, so that a number names a history (Vigna, SplitMix64).
pub(super) struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    pub fn amount(&mut self, end: i64) -> i64 {
        i64::try_from(self.below(u64::try_from(end.max(1)).unwrap())).unwrap()
    }
}

/// An order that was paid.
pub(super) struct Sold {
    pub takings: Takings,
    /// Where its money came to.
    pub place: Place,
    /// Of those that still admit.
    pub tickets: Vec<PaidFor>,
    /// What its buyer agreed to.
    pub terms: RefundSchedule,
    pub back: i64,
    /// The latest message, and what is known; from then on nothing is refunded until it is won.
    pub dispute: Option<(Told, Case)>,
    /// For good, to buyers' banks.
    pub lost: i64,
}

impl Sold {
    pub fn gone(&self) -> i64 {
        self.back + self.lost
    }

    pub fn held(&self) -> i64 {
        let open = |(_, case): &&(Told, Case)| case.state != DisputeState::Lost;
        let case = self.dispute.as_ref().filter(open);
        case.map_or(0, |(_, case)| case.taken.minor)
    }

    /// What can still be given back.
    pub fn left(&self) -> i64 {
        self.takings.total.minor - self.gone() - self.held()
    }
}

pub(super) struct History {
    pub chance: Chance,
    pub currency: Currency,
    pub books: Vec<Entry>,
    pub sold: Vec<Sold>,
    /// To buyers, with where it leaves from.
    pub promised: Vec<(i64, Place)>,
    pub sent: Vec<(i64, Place)>,
    pub payouts: Vec<i64>,
    pub truth: Oracle,
    /// How often a preview was followed by its deed, and how often it was refused because something had changed.
    pub as_shown: u64,
    pub outdated: u64,
}

impl History {
    pub fn new(seed: u64, currency: Currency) -> Self {
        Self {
            chance: Chance(seed),
            currency,
            books: Vec::new(),
            sold: Vec::new(),
            promised: Vec::new(),
            sent: Vec::new(),
            payouts: Vec::new(),
            truth: Oracle::default(),
            as_shown: 0,
            outdated: 0,
        }
    }

    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    pub fn book(&mut self, posting: Result<Posting, LedgerError>) {
        self.books.extend(posting.unwrap().entries());
    }

    pub fn step(&mut self) {
        match self.chance.below(17) {
            0..=2 => self.sell(),
            3 => self.pay_late(),
            4 | 5 => self.promise(),
            6 | 7 => self.give_tickets_back(),
            8 => self.send(),
            9 => self.fail(),
            10 => self.dispute(),
            11 => self.keep_back(),
            12 => self.pay_out(),
            13 => self.end_payout(),
            14 | 15 => self.exchange(),
            _ => self.cost(),
        }
    }

    /// By card, or by a transfer to the platform's bank.
    fn place(&mut self) -> Place {
        match self.chance.below(3) {
            0 => Place::Bank,
            _ => Place::Provider,
        }
    }

    /// One to four tickets with some tax and some fee in them.
    pub fn takings(&mut self, most: i64) -> (Takings, Vec<PaidFor>) {
        let mut tickets = Vec::new();
        let (mut total, mut tax, mut fee) = (0, 0, 0);
        for _ in 0..=self.chance.below(4) {
            let price = 1 + self.chance.amount(most);
            let of_it = self.chance.amount(price / 8 + 1);
            tickets.push(PaidFor {
                price: self.money(price),
                fee: self.money(of_it),
            });
            total += price;
            tax += self.chance.amount(price / 4 + 1);
            fee += of_it;
        }
        let takings = Takings {
            total: self.money(total),
            tax: self.money(tax),
            fee: self.money(fee),
        };
        (takings, tickets)
    }

    pub fn keep(&mut self, takings: Takings, place: Place, tickets: Vec<PaidFor>) {
        let terms = self.terms();
        self.sold.push(Sold {
            takings,
            place,
            tickets,
            terms,
            back: 0,
            dispute: None,
            lost: 0,
        });
    }

    /// Steps that give less and less, for an event ten days after the beginning of time.
    fn terms(&mut self) -> RefundSchedule {
        let (mut days, mut percent) = (12, 100);
        let mut tiers = Vec::new();
        for _ in 0..self.chance.below(4) {
            days -= 1 + u16::try_from(self.chance.below(4)).unwrap();
            percent -= u8::try_from(self.chance.below(34)).unwrap();
            tiers.push(RefundTier {
                days_before: days,
                percent,
            });
        }
        let keeps_fee = self.chance.below(2) == 0;
        let policy = RefundPolicy::new(tiers).unwrap().with_fee_kept(keeps_fee);
        policy.schedule_in_utc(Timestamp::from_second(10 * 86_400).unwrap())
    }

    pub fn come_in(&mut self, place: Place, minor: i64) {
        match place {
            Place::Provider => self.truth.at_provider += minor,
            Place::Bank => self.truth.at_bank += minor,
        }
    }

    fn sell(&mut self) {
        let place = self.place();
        let (takings, tickets) = self.takings(150_000);
        self.book(Posting::sale_at(place, takings));
        self.come_in(place, takings.total.minor);
        self.truth.organizer += takings.total.minor - takings.fee.minor;
        self.truth.platform += takings.fee.minor;
        self.keep(takings, place, tickets);
    }

    /// The time to pay was over: there are places left and it is a sale, or all of it goes back and nobody has earned anything.
    fn pay_late(&mut self) {
        if self.chance.below(2) == 0 {
            return self.sell();
        }
        let place = self.place();
        let (takings, _) = self.takings(150_000);
        let before = self.truth;
        self.book(Posting::sale_at(place, takings));
        let all = takings.back(self.money(0), takings.total);
        self.book(all.and_then(Posting::refund));
        self.come_in(place, takings.total.minor);
        self.truth.to_buyers += takings.total.minor;
        self.promised.push((takings.total.minor, place));
        let now = Oracle::of(&self.books, self.currency);
        assert_eq!(
            (now.organizer, now.platform),
            (before.organizer, before.platform)
        );
    }

    fn send(&mut self) {
        if let Some((amount, place)) = self.promised.pop() {
            self.book(Posting::refund_sent_from(place, self.money(amount)));
            self.truth.to_buyers -= amount;
            self.come_in(place, -amount);
            self.sent.push((amount, place));
        }
    }

    /// Only a provider tells that money came back; what a bank sends back is a new line of its statement.
    fn fail(&mut self) {
        if self
            .sent
            .last()
            .is_none_or(|(_, place)| *place == Place::Bank)
        {
            return;
        }
        if let Some((amount, place)) = self.sent.pop() {
            self.book(Posting::refund_failed(self.money(amount)));
            self.truth.to_buyers += amount;
            self.come_in(place, amount);
            self.promised.push((amount, place));
        }
    }

    pub fn pick(&mut self, of: usize) -> Option<usize> {
        let of = u64::try_from(of).unwrap();
        (of > 0).then(|| usize::try_from(self.chance.below(of)).unwrap())
    }
}
