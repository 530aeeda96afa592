//! Orders, as the server's use cases do it: load, let the rules decide, write, commit.

use std::collections::BTreeMap;

use super::{
    buyers::Buyer,
    database::{Crash, Tx},
    rows::{Hold, HoldState, Job, Key, Lines, Order, Stock, Ticket, Write},
    tally::places,
    world::World,
};
use crate::{
    ids::{PoolId, TicketId},
    money::Money,
    orders::OrderState,
    pricing::{Line, Price, quote},
    stock::{Pool, StockError},
    tickets::TicketState,
};

const TIME_TO_PAY: i64 = 900;

/// The pools as a transaction has locked them.
pub(super) type Pools = BTreeMap<PoolId, Pool>;
type Move = fn(Pool, u32) -> Result<Pool, StockError>;

impl World {
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
                    price: Price::plain(kind.price),
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
}
