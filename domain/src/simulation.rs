//! A small world that lives by the rules of this crate: one event, one pool, buyers who pay late or twice, and two
//! doors without a network. After every step the promises of the product are counted anew.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{collection::vec, prelude::*};
use uuid::Uuid;

use crate::{
    checkin::{Admission, Context, RosterEntry, ScanKind, ScanRecord, decide, merge},
    ids::{CheckInId, DeviceId, EventId, TicketId},
    ledger::{Account, Entry, Posting, balance},
    money::{Currency, Money},
    orders::OrderState,
    payments::{LateOutcome, PaymentNews, PaymentState, after_late_success},
    stock::Pool,
    tickets::{Claims, EventTag, KeyRing, PublicKey, SigningKey, TicketState, read, sign},
    when::{Timestamp, ValidityWindow},
};

const PRICE: Money = Money::new(1234, Currency::JOD);
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

struct Order {
    state: OrderState,
    quantity: u32,
    payment: PaymentState,
    captured: Money,
    refunded: Money,
    tickets: Vec<TicketId>,
}

struct World {
    pool: Pool,
    orders: Vec<Order>,
    tickets: BTreeMap<TicketId, TicketState>,
    ledger: Vec<Entry>,
    doors: [BTreeMap<TicketId, RosterEntry>; DOORS],
    log: Vec<ScanRecord>,
    key: SigningKey,
    ids: u128,
}

fn zero() -> Money {
    Money::zero(PRICE.currency)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn event() -> EventId {
    EventId::new(Uuid::from_u128(1))
}

fn door_id(door: usize) -> DeviceId {
    DeviceId::new(Uuid::from_u128(u128::try_from(door).unwrap()))
}

impl World {
    fn new(capacity: u32) -> Self {
        Self {
            pool: Pool::untouched(capacity),
            orders: Vec::new(),
            tickets: BTreeMap::new(),
            ledger: Vec::new(),
            doors: Default::default(),
            log: Vec::new(),
            key: SigningKey::from_bytes(&[9; 32]),
            ids: 0,
        }
    }

    fn id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    fn post(&mut self, posting: Posting) {
        self.ledger.extend(posting.entries());
    }

    fn step(&mut self, step: Step) {
        let orders = self.orders.len().max(1);
        match step {
            Step::Hold { quantity } => self.hold(quantity),
            Step::Expire { order } => self.expire(order % orders),
            Step::Money { order, news } => self.money(order % orders, news),
            Step::Cancel { order } => self.cancel(order % orders),
            Step::Refund { order, minor } => {
                self.refund(order % orders, Money::new(minor, PRICE.currency))
            }
            Step::Scan { ticket, door } => self.scan(ticket, door),
            Step::Undo { record } => self.undo(record),
            Step::Sync { door } => self.sync(door),
        }
    }

    fn hold(&mut self, quantity: u32) {
        let Ok(pool) = self.pool.take_hold(quantity) else {
            return;
        };
        self.pool = pool;
        self.orders.push(Order {
            state: OrderState::Pending,
            quantity,
            payment: PaymentState::Created,
            captured: zero(),
            refunded: zero(),
            tickets: Vec::new(),
        });
    }

    fn expire(&mut self, index: usize) {
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        let Ok(state) = order.state.expire() else {
            return;
        };
        order.state = state;
        self.pool = self.pool.release(order.quantity).unwrap();
    }

    fn money(&mut self, index: usize, news: PaymentNews) {
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        let before = order.payment;
        order.payment = before.apply(news);
        if before >= PaymentState::Succeeded || order.payment != PaymentState::Succeeded {
            return;
        }
        let (state, quantity, total) = (
            order.state,
            order.quantity,
            PRICE.checked_mul(order.quantity).unwrap(),
        );
        order.captured = total;
        self.post(Posting::sale(total).unwrap());
        match state {
            OrderState::Pending => self.settle(index, state.pay().unwrap()),
            OrderState::Expired => match after_late_success(self.pool.left() >= quantity) {
                LateOutcome::Rehold => {
                    self.pool = self.pool.take_hold(quantity).unwrap();
                    self.settle(index, state.pay_late().unwrap());
                }
                LateOutcome::Refund => self.refund(index, total),
            },
            OrderState::Cancelled => self.refund(index, total),
            OrderState::Paid | OrderState::Refunded => unreachable!("paid without money"),
        }
    }

    fn settle(&mut self, index: usize, state: OrderState) {
        let quantity = self.orders[index].quantity;
        self.pool = self.pool.sell(quantity).unwrap();
        let tickets: Vec<_> = (0..quantity).map(|_| TicketId::new(self.id())).collect();
        self.tickets
            .extend(tickets.iter().map(|ticket| (*ticket, TicketState::Valid)));
        let order = &mut self.orders[index];
        order.state = state;
        order.tickets = tickets;
    }

    /// The tickets of an order stop admitting and their stock comes back.
    fn void(&mut self, index: usize) {
        let order = &self.orders[index];
        self.pool = self.pool.give_back(order.quantity).unwrap();
        self.tickets.extend(
            order
                .tickets
                .iter()
                .map(|ticket| (*ticket, TicketState::Cancelled)),
        );
    }

    fn cancel(&mut self, index: usize) {
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        let before = order.state;
        let Ok(state) = before.cancel() else { return };
        order.state = state;
        if before == OrderState::Pending {
            self.pool = self.pool.release(order.quantity).unwrap();
            return;
        }
        let rest = order.captured.checked_sub(order.refunded).unwrap();
        self.void(index);
        self.refund(index, rest);
    }

    fn refund(&mut self, index: usize, amount: Money) {
        let Some(order) = self.orders.get_mut(index) else {
            return;
        };
        let before = order.state;
        let Ok(state) = before.refund(amount, order.captured, order.refunded) else {
            return;
        };
        order.state = state;
        order.refunded = order.refunded.checked_add(amount).unwrap();
        if order.refunded == order.captured {
            order.payment = order.payment.refund().unwrap();
        }
        if before == OrderState::Paid && state == OrderState::Refunded {
            self.void(index);
        }
        self.post(Posting::refund(amount).unwrap());
        self.post(Posting::refund_sent(amount).unwrap());
    }

    fn scan(&mut self, ticket: usize, door: usize) {
        let count = self.tickets.len().max(1);
        let Some(ticket) = self.tickets.keys().copied().nth(ticket % count) else {
            return;
        };
        let (now, window) = (
            at(500),
            ValidityWindow {
                from: at(0),
                until: at(1000),
            },
        );
        let claims = Claims::new(1, ticket, event(), 1, (window.from, window.until));
        let keys = KeyRing::new(vec![PublicKey::of(1, &self.key)]);
        let scanned = read(sign(&claims, &self.key).as_str(), &keys);
        let ctx = Context {
            event_tag: EventTag::of(event()),
            event_cancelled: false,
            now,
            window,
        };
        if !decide(&scanned, self.doors[door].get(&ticket), &ctx).admits() {
            return;
        }
        let id = CheckInId::new(self.id());
        let entry = self.doors[door]
            .entry(ticket)
            .or_insert_with(|| RosterEntry::new_to_device(&claims));
        entry.admitted.push(Admission {
            at: now,
            gate: None,
            device: door_id(door),
        });
        self.write(id, ticket, door, ScanKind::Admit);
    }

    fn undo(&mut self, record: usize) {
        let Some(line) = self.log.get(record % self.log.len().max(1)).cloned() else {
            return;
        };
        let undone = |other: &ScanRecord| other.kind == ScanKind::Undo { of: line.id };
        if line.kind != ScanKind::Admit || self.log.iter().any(undone) {
            return;
        }
        let door = (0..DOORS)
            .find(|door| door_id(*door) == line.device)
            .unwrap();
        if let Some(entry) = self.doors[door].get_mut(&line.ticket) {
            let its = entry
                .admitted
                .iter()
                .position(|admission| admission.device == line.device);
            its.map(|its| entry.admitted.remove(its));
        }
        let id = CheckInId::new(self.id());
        self.write(id, line.ticket, door, ScanKind::Undo { of: line.id });
    }

    fn write(&mut self, id: CheckInId, ticket: TicketId, door: usize, kind: ScanKind) {
        let counter = u64::try_from(self.log.len()).unwrap();
        self.log.push(ScanRecord {
            at: at(500),
            counter,
            device: door_id(door),
            id,
            ticket,
            gate: None,
            kind,
        });
    }

    /// A door gets on the network and learns what all doors know.
    fn sync(&mut self, door: usize) {
        let merged = merge(self.log.clone(), |_| 1);
        for (ticket, state) in &self.tickets {
            let claims = Claims::new(1, *ticket, event(), 1, (at(0), at(1000)));
            let its = merged
                .admissions
                .iter()
                .filter(|line| line.ticket == *ticket);
            let admitted = its
                .map(|line| Admission {
                    at: line.at,
                    gate: None,
                    device: line.device,
                })
                .collect();
            let entry = RosterEntry {
                state: *state,
                admitted,
                ..RosterEntry::new_to_device(&claims)
            };
            self.doors[door].insert(*ticket, entry);
        }
    }

    fn check(&self) {
        let in_state = |state| self.orders.iter().filter(move |order| order.state == state);
        let held: u32 = in_state(OrderState::Pending)
            .map(|order| order.quantity)
            .sum();
        let sold: u32 = in_state(OrderState::Paid).map(|order| order.quantity).sum();
        assert_eq!(
            (self.pool.held(), self.pool.sold()),
            (held, sold),
            "counters differ from the orders"
        );
        assert!(held + sold <= self.pool.capacity(), "oversold");

        let mut seen = BTreeSet::new();
        for order in &self.orders {
            assert!(
                order.tickets.iter().all(|ticket| seen.insert(*ticket)),
                "a ticket twice"
            );
            let valid = order
                .tickets
                .iter()
                .filter(|ticket| self.tickets[ticket] == TicketState::Valid)
                .count();
            let due = if order.state == OrderState::Paid {
                order.quantity
            } else {
                0
            };
            assert_eq!(
                u32::try_from(valid),
                Ok(due),
                "valid tickets of a {} order",
                order.state
            );
            assert!(
                (0..=order.captured.minor).contains(&order.refunded.minor),
                "more refunded than captured"
            );
        }

        let of = |account| {
            balance(account, PRICE.currency, &self.ledger)
                .unwrap()
                .minor
        };
        assert_eq!(
            Account::all()
                .iter()
                .map(|account| of(*account))
                .sum::<i64>(),
            0,
            "the ledger does not sum to zero"
        );
        let kept = |order: &Order| order.captured.minor - order.refunded.minor;
        let at_provider: i64 = self.orders.iter().map(kept).sum();
        assert_eq!(
            of(Account::ProviderClearing),
            at_provider,
            "the provider has another amount"
        );
        assert_eq!(
            of(Account::RefundsPayable),
            0,
            "a promised refund was not sent"
        );

        let merged = merge(self.log.clone(), |_| 1);
        let admitted: BTreeSet<_> = merged.admissions.iter().map(|line| line.ticket).collect();
        assert_eq!(
            admitted.len(),
            merged.admissions.len(),
            "a ticket admitted twice"
        );
        let undone = self
            .log
            .iter()
            .filter(|line| line.kind != ScanKind::Admit)
            .count();
        assert_eq!(
            merged.admissions.len() + merged.conflicts.len() + 2 * undone,
            self.log.len(),
            "a scan was lost"
        );
        for door in &self.doors {
            assert!(
                door.values().all(|entry| entry.admitted.len() <= 1),
                "a door admits a ticket twice"
            );
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let news = prop_oneof![
        4 => Just(PaymentNews::Succeeded),
        1 => Just(PaymentNews::Processing),
        1 => Just(PaymentNews::Failed { reason: crate::payments::DeclineReason::TimedOut }),
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
