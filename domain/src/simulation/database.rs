//! The simulated database: transactions that are there as a whole or not at all, and a count that is kept beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    catalog::Catalog,
    rows::{Answer, Cause, Hold, Key, Order, Payment, Refund, Scan, Ticket, Write},
    tally::Tally,
};
use crate::{
    ids::{CheckInId, PoolId, TicketId},
    ledger::Entry,
    stock::Pool,
};

pub(super) struct Database {
    pub(super) pools: BTreeMap<PoolId, Pool>,
    pub(super) holds: Vec<Hold>,
    pub(super) orders: Vec<Order>,
    pub(super) payments: Vec<Payment>,
    pub(super) refunds: Vec<Refund>,
    pub(super) tickets: Vec<Ticket>,
    pub(super) ticket_of: BTreeMap<TicketId, usize>,
    pub(super) scans: BTreeMap<CheckInId, Scan>,
    pub(super) ledger: Vec<Entry>,
    pub(super) causes: BTreeSet<Cause>,
    pub(super) keys: BTreeMap<Key, Answer>,
    pub(super) news: BTreeSet<u64>,
    pub(super) called_off: [bool; 2],
    /// Counts transactions, so that doors can ask for what changed.
    pub(super) version: u64,
    pub(super) tally: Tally,
}

/// The process died. What it had not committed is lost, and nobody heard an answer.
#[derive(Debug)]
pub(super) struct Crash;

/// Changes that are kept together or not at all. The process may die before any of them.
#[derive(Default)]
pub(super) struct Tx {
    pub(super) writes: Vec<Write>,
    dies_after: Option<usize>,
}

impl Tx {
    pub(super) fn that_dies_after(steps: Option<usize>) -> Self {
        Self {
            writes: Vec::new(),
            dies_after: steps,
        }
    }

    pub(super) fn put(&mut self, write: Write) -> Result<(), Crash> {
        self.still_alive()?;
        self.writes.push(write);
        Ok(())
    }

    pub(super) fn still_alive(&self) -> Result<(), Crash> {
        if self.dies_after == Some(self.writes.len()) {
            Err(Crash)
        } else {
            Ok(())
        }
    }

    /// Whether it is to die after its commit and before its answer.
    pub(super) fn dies_at_last(&self) -> bool {
        self.dies_after.is_some()
    }
}

impl Database {
    pub(super) fn new(pools: BTreeMap<PoolId, Pool>) -> Self {
        Self {
            pools,
            holds: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            refunds: Vec::new(),
            tickets: Vec::new(),
            ticket_of: BTreeMap::new(),
            scans: BTreeMap::new(),
            ledger: Vec::new(),
            causes: BTreeSet::new(),
            keys: BTreeMap::new(),
            news: BTreeSet::new(),
            called_off: [false; 2],
            version: 0,
            tally: Tally::default(),
        }
    }

    /// Takes the changes of one transaction over and checks at once what they touch.
    pub(super) fn apply(&mut self, writes: Vec<Write>, catalog: &Catalog, now: i64) {
        self.version += 1;
        let mut touched = Vec::new();
        for write in writes {
            match write {
                Write::Pools(pools) => self.pools.extend(pools),
                Write::Hold(number, hold) => {
                    self.tally.hold(self.holds.get(number), &hold);
                    set(&mut self.holds, number, hold);
                }
                Write::Order(number, order) => {
                    self.tally.order(self.orders.get(number), &order, now);
                    set(&mut self.orders, number, order);
                    touched.push(number);
                }
                Write::Payment(number, payment) => set(&mut self.payments, number, payment),
                Write::Refund(number, refund) => {
                    touched.push(refund.order);
                    set(&mut self.refunds, number, refund);
                }
                Write::Ticket(number, mut ticket) => {
                    self.tally.ticket(self.tickets.get(number), &ticket);
                    ticket.version = self.version;
                    touched.push(ticket.order);
                    self.ticket_of.insert(ticket.id, number);
                    set(&mut self.tickets, number, ticket);
                }
                Write::Scan(scan) => {
                    self.scans.insert(scan.record.id, scan);
                }
                Write::Post(cause, posting) => {
                    assert!(
                        self.causes.insert(cause),
                        "I7: {cause:?} had its effect twice"
                    );
                    self.tally.posting(&posting);
                    self.ledger.extend(posting.entries());
                }
                Write::Key(key, answer) => {
                    let before = self.keys.insert(key, answer);
                    assert!(before.is_none(), "I5: {key:?} was answered before");
                }
                Write::News(event) => {
                    self.news.insert(event);
                }
                // Jobs go to the worker, which is not in the database.
                Write::Job(..) => {}
                Write::CallOff { event } => self.called_off[event] = true,
            }
        }
        self.tally
            .check(catalog.pools.iter().map(|id| &self.pools[id]));
        touched.sort_unstable();
        touched.dedup();
        for order in touched {
            self.check_order(order);
        }
    }
}

fn set<T>(rows: &mut Vec<T>, number: usize, row: T) {
    match rows.get_mut(number) {
        Some(place) => *place = row,
        None => {
            assert_eq!(rows.len(), number, "a row is added at the end");
            rows.push(row);
        }
    }
}
