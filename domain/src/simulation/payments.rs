//! Payments, as the server's use cases do them.

use super::{
    action::Action,
    checkout::Pools,
    database::{Crash, Tx},
    provider::Message,
    rows::{Cause, Order, Payment, Write},
    world::World,
};
use crate::{
    ledger::{Posting, Takings},
    payments::{LateOutcome, PaymentState, after_late_success},
    planted::{Bug, planted},
    stock::{Grant, grant},
};

impl World {
    /// Sends the buyer to the provider: a row, then the call outside of any transaction, then the provider's name for it.
    /// The process may die in between. While one attempt is open, it is used again.
    pub(super) fn start(&mut self, number: usize) -> Result<(), Crash> {
        let order = &self.db.orders[number];
        if order.state.pay().is_err() || order.expires <= self.now {
            return Ok(());
        }
        let open = |payment: &Payment| payment.order == number && !payment.state.is_settled();
        let payment = match self.db.payments.iter().position(open) {
            Some(payment) => payment,
            None => {
                let payment = self.db.payments.len();
                let row = Payment {
                    order: number,
                    amount: order.total,
                    state: PaymentState::Created,
                    known: false,
                };
                let mut tx = self.begin();
                tx.put(Write::Payment(payment, row))?;
                self.commit(tx)?;
                payment
            }
        };
        self.later(0, Action::Open { payment });
        Ok(())
    }

    pub(super) fn open(&mut self, payment: usize) -> Result<(), Crash> {
        self.provider
            .open(payment, self.db.payments[payment].amount);
        self.begin().still_alive()?;
        self.later(0, Action::Known { payment });
        if self.provider.show(payment) {
            let until = if self.chance.one_in(5) { 1_500 } else { 200 };
            self.soon(5, until, Action::Pay { payment });
        }
        Ok(())
    }

    pub(super) fn known(&mut self, number: usize) -> Result<(), Crash> {
        let mut tx = self.begin();
        let payment = self.db.payments[number].clone();
        tx.put(Write::Payment(
            number,
            Payment {
                known: true,
                ..payment
            },
        ))?;
        self.commit(tx)
    }

    /// Takes one message of the provider in.
    pub(super) fn hear(&mut self, message: &Message) -> Result<(), Crash> {
        let mut payment = self.db.payments[message.payment].clone();
        if !payment.known {
            // The provider is ahead of us; it is told to come again.
            self.later(30, Action::Hear(*message));
            return Ok(());
        }
        let after = payment.state.apply(message.news);
        let known = self.db.news.contains(&message.event) || after == payment.state;
        if known && !planted(Bug::NewsTwice) {
            return Ok(());
        }
        let mut tx = self.begin();
        tx.put(Write::News(message.event))?;
        payment.state = after;
        match after {
            PaymentState::Succeeded => self.succeed(&mut tx, message.payment, payment)?,
            PaymentState::Created
            | PaymentState::Processing
            | PaymentState::Failed { .. }
            | PaymentState::Held
            | PaymentState::Released
            | PaymentState::Refunded => tx.put(Write::Payment(message.payment, payment))?,
        }
        self.commit(tx)
    }

    /// Money was taken: book it, then see what it buys.
    fn succeed(&mut self, tx: &mut Tx, number: usize, payment: Payment) -> Result<(), Crash> {
        let mut order = self.db.orders[payment.order].clone();
        let sale = Posting::sale(Takings::plain(payment.amount)).unwrap();
        tx.put(Write::Post(Cause::Sale { payment: number }, sale))?;
        match order.state.pay() {
            Ok(paid) => {
                order.state = paid;
                let id = payment.order;
                tx.put(Write::Payment(number, payment))?;
                let pools = self.db.pools.clone();
                self.fulfil(tx, id, order, pools)
            }
            Err(_) => self.settle_late(tx, number, payment, order),
        }
    }

    fn settle_late(
        &mut self,
        tx: &mut Tx,
        number: usize,
        payment: Payment,
        mut order: Order,
    ) -> Result<(), Crash> {
        let revived = order.state.revive(order.refunded).ok();
        let mut pools = self.db.pools.clone();
        let left = revived.is_some() && self.can_be_had_again(&order, &mut pools);
        match (after_late_success(left), revived) {
            (LateOutcome::Rehold, Some(paid)) => {
                order.state = paid;
                let id = payment.order;
                tx.put(Write::Payment(number, payment))?;
                return self.fulfil(tx, id, order, pools);
            }
            (LateOutcome::Rehold, None) | (LateOutcome::Refund, _) => {}
        }
        let id = payment.order;
        let amount = payment.amount;
        let own = !order.paid && order.refunded.is_zero();
        self.send_back(tx, id, (number, payment), amount)?;
        if own {
            order.state = order
                .state
                .refund(amount, order.total, order.refunded)
                .unwrap();
            order.refunded = order.refunded.checked_add(amount).unwrap();
            tx.put(Write::Order(id, order))?;
        }
        Ok(())
    }

    /// Holds the places again, if the event still sells and they are free.
    fn can_be_had_again(&self, order: &Order, pools: &mut Pools) -> bool {
        let event = self.event_of(order);
        !self.db.called_off[event]
            && grant(&[self.request(&order.lines)], pools)
                .iter()
                .all(Grant::is_granted)
    }

    pub(super) fn event_of(&self, order: &Order) -> usize {
        self.catalog.types[order.lines[0].0].event
    }
}
