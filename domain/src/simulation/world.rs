//! What can happen in the simulated world.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{DOORS, Step};
use crate::{
    checkin::{Admission, Context, RosterEntry, ScanKind, ScanRecord, decide, merge},
    ids::{CheckInId, DeviceId, EventId, TicketId},
    ledger::{Entry, Posting},
    money::{Currency, Money},
    orders::OrderState,
    payments::{LateOutcome, PaymentNews, PaymentState, after_late_success},
    stock::Pool,
    tickets::{Claims, EventTag, KeyRing, PublicKey, SigningKey, TicketState, read, sign},
    when::{Timestamp, ValidityWindow},
};

/// Three decimals, so that nothing quietly assumes two.
pub(super) const PRICE: Money = Money::new(1234, Currency::JOD);

pub(super) struct Order {
    pub(super) state: OrderState,
    pub(super) quantity: u32,
    pub(super) payment: PaymentState,
    pub(super) captured: Money,
    pub(super) refunded: Money,
    pub(super) tickets: Vec<TicketId>,
}

pub(super) struct World {
    pub(super) pool: Pool,
    pub(super) orders: Vec<Order>,
    pub(super) tickets: BTreeMap<TicketId, TicketState>,
    pub(super) ledger: Vec<Entry>,
    pub(super) doors: [BTreeMap<TicketId, RosterEntry>; DOORS],
    pub(super) log: Vec<ScanRecord>,
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
    pub(super) fn new(capacity: u32) -> Self {
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

    pub(super) fn step(&mut self, step: Step) {
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
}
