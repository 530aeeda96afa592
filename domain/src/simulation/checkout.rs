//! Holds and orders, as the server's use cases do it: load, let the rules decide, write, commit.

use std::collections::BTreeMap;

use super::{
    buyers::Buyer,
    database::{Crash, Tx},
    rows::{Hold, HoldState, Job, Key, Lines, Order, Stock, Ticket, Write},
    tally::places,
    world::{Action, World},
};
use crate::{
    ids::{PoolId, TicketId},
    money::Money,
    orders::OrderState,
    pricing::{Line, quote},
    stock::{Grant, Pool, Request, StockError, grant},
    tickets::TicketState,
};

const HOLD: i64 = 600;
const TIME_TO_PAY: i64 = 900;

/// The pools as a transaction has locked them.
pub(super) type Pools = BTreeMap<PoolId, Pool>;
type Move = fn(Pool, u32) -> Result<Pool, StockError>;

impl World {
    /// Grants what fits of all that waits. A crash loses the requests: they were in memory only.
    pub(super) fn batch(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if self.grant_waiting(&waiting).is_err() {
            // Nobody was answered, so each asks again after a while.
            for buyer in waiting {
                self.soon(1, 30, Action::Ask { buyer });
            }
            self.dies();
        }
    }

    fn grant_waiting(&mut self, waiting: &[usize]) -> Result<(), Crash> {
        let mut fresh: Vec<usize> = Vec::new();
        let mut answers = Vec::new();
        for buyer in waiting.iter().copied() {
            match self.answered(Key::Hold { buyer }) {
                Some(hold) => answers.push((buyer, hold)),
                // The second of two at once waits for the first one's key, and comes again.
                None if fresh.contains(&buyer) => {}
                None if self.db.called_off[self.buyers[buyer].event] => {}
                None => fresh.push(buyer),
            }
        }
        let mut tx = self.begin();
        let requests: Vec<_> = fresh
            .iter()
            .map(|buyer| self.request(&self.buyers[*buyer].wants))
            .collect();
        let mut pools = self.db.pools.clone();
        let grants = grant(&requests, &mut pools);
        let granted = fresh
            .into_iter()
            .zip(&grants)
            .filter(|(_, grant)| grant.is_granted());
        for (hold, (buyer, _)) in (self.db.holds.len()..).zip(granted) {
            let expires = self.now + HOLD;
            let lines = self.buyers[buyer].wants.clone();
            tx.put(Write::Hold(
                hold,
                Hold {
                    lines,
                    expires,
                    state: HoldState::Active,
                },
            ))?;
            tx.put(Write::Job(expires, Job::ExpireHold { hold }))?;
            tx.put(Write::Key(Key::Hold { buyer }, hold))?;
            answers.push((buyer, hold));
        }
        self.put_pools(&mut tx, pools.clone())?;
        self.commit(tx)?;
        for (request, grant) in requests.iter().zip(&grants) {
            no_false_sold_out(request, grant, &pools);
        }
        for (buyer, hold) in answers {
            self.told_of_hold(buyer, hold);
        }
        Ok(())
    }

    pub(super) fn request(&self, lines: &Lines) -> Request {
        let asked = lines
            .iter()
            .map(|(kind, quantity)| (self.catalog.types[*kind].id, *quantity));
        Request::of_types(asked, &self.catalog.pools_of).unwrap()
    }

    pub(super) fn put_pools(&self, tx: &mut Tx, pools: Pools) -> Result<(), Crash> {
        tx.put(Write::Pools(pools.into_iter().collect()))
    }

    /// Moves places line by line through every pool of the ticket type.
    pub(super) fn shift(&self, pools: &mut Pools, lines: &[(usize, u32)], to: Move) {
        for (kind, quantity) in lines {
            for pool in self.catalog.types[*kind].pools {
                let pool = pools.get_mut(&self.catalog.pools[*pool]).unwrap();
                let moved = to(*pool, *quantity);
                *pool = moved
                    .unwrap_or_else(|error| panic!("I1: {error}, moving {quantity} in {pool:?}"));
            }
        }
    }

    /// The buyer goes back; again is fine.
    pub(super) fn leave(&mut self, buyer: usize) -> Result<(), Crash> {
        let number = self.buyers[buyer].hold.unwrap();
        self.let_hold_go(number)
    }

    pub(super) fn expire_hold(&mut self, number: usize) -> Result<(), Crash> {
        if self.db.holds[number].expires > self.now {
            Ok(())
        } else {
            self.let_hold_go(number)
        }
    }

    fn let_hold_go(&mut self, number: usize) -> Result<(), Crash> {
        let mut tx = self.begin();
        let hold = self.db.holds[number].clone();
        if hold.state != HoldState::Active {
            return Ok(());
        }
        let mut pools = self.db.pools.clone();
        self.shift(&mut pools, &hold.lines, Pool::release);
        self.put_pools(&mut tx, pools)?;
        tx.put(Write::Hold(
            number,
            Hold {
                state: HoldState::LetGo,
                ..hold
            },
        ))?;
        self.commit(tx)
    }

    /// Makes an order of a hold. A free one is paid at once.
    pub(super) fn place(&mut self, buyer: usize) -> Result<(), Crash> {
        let key = Key::Place { buyer };
        if let Some(order) = self.answered(key) {
            self.told_of_order(buyer, order);
            return Ok(());
        }
        let Buyer {
            hold: Some(number),
            event,
            order: told,
            ..
        } = self.buyers[buyer]
        else {
            return Ok(());
        };
        let hold = self.db.holds[number].clone();
        if hold.state != HoldState::Active || hold.expires <= self.now || self.db.called_off[event]
        {
            assert!(told.is_none(), "I5: one key, two answers");
            return Ok(());
        }
        let mut tx = self.begin();
        let total = self.total(&hold.lines);
        let id = self.db.orders.len();
        let expires = hold.expires.max(self.now + TIME_TO_PAY);
        let mut order = Order {
            lines: hold.lines.clone(),
            total,
            refunded: Money::zero(total.currency),
            state: OrderState::Pending,
            stock: Stock::Held,
            placed: self.now,
            expires,
            paid: false,
            tickets: Vec::new(),
        };
        tx.put(Write::Hold(
            number,
            Hold {
                state: HoldState::Ordered,
                ..hold
            },
        ))?;
        if total.is_zero() {
            order.state = order.state.pay().unwrap();
            let pools = self.db.pools.clone();
            self.fulfil(&mut tx, id, order, pools)?;
        } else {
            tx.put(Write::Order(id, order))?;
            tx.put(Write::Job(expires, Job::ExpireOrder { order: id }))?;
        }
        tx.put(Write::Key(key, id))?;
        self.commit(tx)?;
        self.told_of_order(buyer, id);
        Ok(())
    }

    fn total(&self, lines: &Lines) -> Money {
        let asked: Vec<_> = lines
            .iter()
            .map(|(kind, quantity)| {
                let kind = &self.catalog.types[*kind];
                Line {
                    ticket_type: kind.id,
                    unit: kind.price,
                    quantity: *quantity,
                }
            })
            .collect();
        quote(&asked).unwrap().total
    }

    /// The order has been decided to be paid: its held places become sold, and it gets its tickets.
    pub(super) fn fulfil(
        &mut self,
        tx: &mut Tx,
        number: usize,
        mut order: Order,
        mut pools: Pools,
    ) -> Result<(), Crash> {
        self.shift(&mut pools, &order.lines, Pool::sell);
        self.put_pools(tx, pools)?;
        let first = self.db.tickets.len();
        order.stock = Stock::Sold;
        order.paid = true;
        order.tickets = (first..first + places(&order.lines)).collect();
        let kinds = order
            .lines
            .clone()
            .into_iter()
            .flat_map(|(kind, quantity)| (0..quantity).map(move |_| kind));
        for (ticket, kind) in (first..).zip(kinds) {
            let row = Ticket {
                id: TicketId::new(self.id(ticket)),
                order: number,
                kind,
                unit: self.catalog.types[kind].price,
                state: TicketState::Valid,
                scans: Vec::new(),
                version: 0,
            };
            tx.put(Write::Ticket(ticket, row))?;
        }
        tx.put(Write::Order(number, order))
    }

    pub(super) fn expire_order(&mut self, number: usize) -> Result<(), Crash> {
        let mut order = self.db.orders[number].clone();
        if order.stock == Stock::Held && order.expires > self.now {
            return Ok(());
        }
        let Ok(expired) = order.state.expire() else {
            return Ok(());
        };
        let mut tx = self.begin();
        self.let_go(&mut tx, &mut order)?;
        order.state = expired;
        tx.put(Write::Order(number, order))?;
        self.commit(tx)
    }

    pub(super) fn resize(&mut self, id: PoolId, capacity: u32) -> Result<(), Crash> {
        let mut tx = self.begin();
        let Ok(pool) = self.db.pools[&id].resize(capacity) else {
            return Ok(());
        };
        tx.put(Write::Pools(vec![(id, pool)]))?;
        self.commit(tx)
    }
}

/// Within a batch stock only falls, so what was refused must not fit at the end either.
fn no_false_sold_out(request: &Request, grant: &Grant, pools: &Pools) {
    let fits = request
        .wants()
        .all(|(pool, quantity)| quantity <= pools[&pool].left());
    assert!(
        grant.is_granted() || !fits,
        "I1: sold out although places are left"
    );
}
