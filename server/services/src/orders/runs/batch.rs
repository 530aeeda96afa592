//! Ends many orders in a handful of statements: the same as `cancel::call_off_and_refund_all` does for one.

use std::collections::{BTreeMap, HashSet};

use domain::{
    ids::{PaymentId, RefundId, TicketTypeId},
    ledger::Posting,
    money::Money,
    orders::{EndFacts, Ending, NothingBack, OrderState, spread},
};
use uuid::Uuid;

use super::portion::Run;
use crate::{
    Services, Unexpected,
    db::Tx,
    jobs::{self, Job},
    ledger::{self, Cause},
    messaging::RequestNews,
    orders::{
        Order,
        funds::{Funds, funds},
        queries,
        rows::Stock,
    },
    outbox::{self, Announcement},
    passing, promo,
    rows::{at, count},
    stock::{Move, Shelf},
};

/// What became of an order.
pub(super) struct Ended {
    pub order: Uuid,
    outcome: Outcome,
}

enum Outcome {
    Done { refund: RefundId, amount_minor: i64 },
    Skipped(NothingBack),
    Failed(Why),
}

/// Why an order could not be ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum Why {
    /// It was paid, and there is no payment to give it back from.
    NoPayment,
    /// The log says more.
    Fault,
}

impl Ended {
    pub fn failed(order: Uuid, why: Why) -> Self {
        let outcome = Outcome::Failed(why);
        Self { order, outcome }
    }

    pub fn state(&self) -> &'static str {
        match self.outcome {
            Outcome::Done { .. } => "done",
            Outcome::Skipped(_) => "skipped",
            Outcome::Failed(_) => "failed",
        }
    }

    pub fn why(&self) -> &'static str {
        match self.outcome {
            Outcome::Done { .. } => "",
            Outcome::Skipped(why) => why.code(),
            Outcome::Failed(Why::NoPayment) => "no_payment",
            Outcome::Failed(Why::Fault) => "fault",
        }
    }

    pub fn amount_minor(&self) -> i64 {
        match self.outcome {
            Outcome::Done { amount_minor, .. } => amount_minor,
            Outcome::Skipped(_) | Outcome::Failed(_) => 0,
        }
    }

    pub fn refund(&self) -> Option<Uuid> {
        match self.outcome {
            Outcome::Done { refund, .. } => Some(refund.get()),
            Outcome::Skipped(_) | Outcome::Failed(_) => None,
        }
    }
}

/// What is to be written, put together.
#[derive(Default)]
struct Plan {
    ended: Vec<Ended>,
    /// Orders that end now, as they will be.
    over: Vec<Order>,
    held: Vec<Uuid>,
    sold: Vec<Uuid>,
    refunds: Vec<(RefundId, PaymentId, Money, usize)>,
    postings: Vec<(Cause, Posting)>,
    said: Vec<Announcement>,
}

/// Ends these orders of the run's event. Locks are taken as everywhere: orders, then pools.
pub(super) async fn end_all(
    sv: &Services,
    tx: &mut Tx,
    run: &Run,
    ids: &[Uuid],
) -> Result<Vec<Ended>, Unexpected> {
    queries::lock_payments(tx, run.organization, ids).await?;
    let orders = queries::lock_all(tx, run.organization, ids).await?;
    let funds = funds(tx, run.organization, ids).await?;
    let mut plan = Plan::default();
    for order in orders {
        let free = funds.get(&order.id).map(Funds::free).unwrap_or_default();
        plan.add(sv, run, order, &free)?;
    }
    plan.write(sv, tx, run).await?;
    Ok(plan.ended)
}

impl Plan {
    fn add(
        &mut self,
        sv: &Services,
        run: &Run,
        mut order: Order,
        free: &[(PaymentId, Money)],
    ) -> Result<(), Unexpected> {
        let id = order.id;
        let facts = EndFacts {
            state: order.state,
            total: order.total,
            left: order.left(),
            captured: !free.is_empty(),
            disputed: !order.disputed.is_zero() || !order.withheld.is_zero(),
        };
        let broken = |e: &dyn std::fmt::Display| Unexpected::bad_row("orders", id, e);
        let ending = facts.ending();
        let ends = matches!(ending, Ending::GiveBack(_) | Ending::CallOff(_));
        if ends {
            let asked = order.state == OrderState::Asked;
            match order.stock {
                Stock::Held => self.held.push(id.get()),
                Stock::Sold => self.sold.push(id.get()),
                Stock::Released => {}
            }
            order.state = order.state.cancel().map_err(|e| broken(&e))?;
            order.stock = Stock::Released;
            order.expires_at = None;
            order.cancelled_at = Some(sv.now());
            order.cancel_reason.clone_from(&run.reason);
            self.said.push(if asked {
                // Who has no tickets loses none.
                Announcement::Request {
                    order: id.get(),
                    news: RequestNews::Declined,
                }
            } else {
                Announcement::OrderCancelled { order: id.get() }
            });
        }
        let outcome = match ending {
            Ending::GiveBack(amount) => match spread(free, amount) {
                Some(parts) => self.give_back(sv, &mut order, &parts)?,
                None => Outcome::Failed(Why::NoPayment),
            },
            Ending::CallOff(why) | Ending::Leave(why) => Outcome::Skipped(why),
            Ending::NoPayment => Outcome::Failed(Why::NoPayment),
        };
        self.ended.push(Ended {
            order: id.get(),
            outcome,
        });
        if ends {
            self.over.push(order);
        }
        Ok(())
    }

    /// Promises the money back out of the payments that hold it; the run names the first refund.
    fn give_back(
        &mut self,
        sv: &Services,
        order: &mut Order,
        parts: &[(PaymentId, Money)],
    ) -> Result<Outcome, Unexpected> {
        let id = order.id;
        let broken = |e: &dyn std::fmt::Display| Unexpected::bad_row("orders", id, e);
        let (mut first, mut sum) = (None, 0_i64);
        for (payment, amount) in parts.iter().copied() {
            let refund = RefundId::new(sv.new_id());
            order.state = order
                .state
                .refund(amount, order.total, order.gone())
                .map_err(|e| broken(&e))?;
            let posting = order
                .takings()
                .back(order.gone_for_good(), amount)
                .and_then(Posting::refund)
                .map_err(|e| Unexpected::bad_row("refunds", refund, e))?;
            order.refunded = order.refunded.checked_add(amount).map_err(|e| broken(&e))?;
            self.postings
                .push((Cause::Refund { order: id, refund }, posting));
            self.refunds
                .push((refund, payment, amount, self.over.len()));
            self.said.push(if order.paid_at.is_some() {
                Announcement::OrderRefunded {
                    order: id.get(),
                    refund: refund.get(),
                }
            } else {
                Announcement::PaidTooLate { order: id.get() }
            });
            first = first.or(Some(refund));
            sum = sum.saturating_add(amount.minor);
        }
        Ok(
            first.map_or(Outcome::Failed(Why::NoPayment), |refund| Outcome::Done {
                refund,
                amount_minor: sum,
            }),
        )
    }

    async fn write(&self, sv: &Services, tx: &mut Tx, run: &Run) -> Result<(), Unexpected> {
        self.let_places_go(sv, tx, run).await?;
        self.promise(sv, tx, run).await?;
        if !self.said.is_empty() {
            outbox::append_all(sv, tx, run.organization, &self.said).await?;
        }
        save_orders(tx, run, &self.over).await
    }

    /// Tickets stop admitting, and all places are free again.
    async fn let_places_go(&self, sv: &Services, tx: &mut Tx, run: &Run) -> Result<(), Unexpected> {
        let held = if self.held.is_empty() {
            Vec::new()
        } else {
            queries::places_of(tx, run.organization, &self.held).await?
        };
        let sold: Vec<_> = if self.sold.is_empty() {
            Vec::new()
        } else {
            void(sv, tx, run, &self.sold).await?.into_iter().collect()
        };
        if held.is_empty() && sold.is_empty() {
            return Ok(());
        }
        let types: HashSet<TicketTypeId> =
            held.iter().chain(&sold).map(|(kind, _)| *kind).collect();
        let mut shelf = Shelf::lock(tx, run.organization, types).await?;
        shelf.shift(&held, Move::Release)?;
        shelf.shift(&sold, Move::GiveBack)?;
        shelf.save(tx).await?;
        promo::give_back(
            tx,
            run.organization,
            promo::Of::Orders(&self.held),
            sv.now(),
        )
        .await
    }

    /// Refund rows, the books, and the jobs that send the money.
    async fn promise(&self, sv: &Services, tx: &mut Tx, run: &Run) -> Result<(), Unexpected> {
        if self.refunds.is_empty() {
            return Ok(());
        }
        insert_refunds(sv, tx, run, self).await?;
        ledger::post_all(sv, tx, run.organization, &self.postings).await?;
        let jobs: Vec<Job> = self
            .refunds
            .iter()
            .map(|(refund, ..)| Job::SendRefund { refund: *refund })
            .collect();
        jobs::enqueue_all(sv, tx, run.organization, &jobs).await
    }
}

/// How many tickets of which type were void.
async fn void(
    sv: &Services,
    tx: &mut Tx,
    run: &Run,
    orders: &[Uuid],
) -> Result<BTreeMap<TicketTypeId, u32>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        with gone as (
            update tickets set state = 'cancelled', cancelled_at = $3
            where organization_id = $1 and order_id = any($2) and state = 'valid'
            returning id, ticket_type_id
        )
        select ticket_type_id, count(*) as "count!", array_agg(id) as "ids!" from gone group by ticket_type_id
        "#,
        run.organization.get(),
        orders,
        at(sv.now()) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let ended: Vec<Uuid> = rows.iter().flat_map(|row| &row.ids).copied().collect();
    passing::tell_ended(sv, tx, run.organization, &ended).await?;
    rows.into_iter()
        .map(|row| {
            let number = count("tickets", row.ticket_type_id, row.count)?;
            Ok((TicketTypeId::new(row.ticket_type_id), number))
        })
        .collect()
}

async fn insert_refunds(
    sv: &Services,
    tx: &mut Tx,
    run: &Run,
    plan: &Plan,
) -> Result<(), Unexpected> {
    let (mut ids, mut payments, mut orders) = (Vec::new(), Vec::new(), Vec::new());
    let (mut amounts, mut currencies) = (Vec::new(), Vec::new());
    for (refund, payment, amount, order) in &plan.refunds {
        let Some(order) = plan.over.get(*order) else {
            continue;
        };
        ids.push(refund.get());
        payments.push(payment.get());
        orders.push(order.id.get());
        amounts.push(amount.minor);
        currencies.push(order.total.currency.to_string());
    }
    sqlx::query!(
        r#"
        insert into refunds (id, organization_id, order_id, payment_id, amount_minor, currency, state, reason, requested_by,
                             created_at, of_second_payment)
        select n.id, $1, n.order_id, n.payment_id, n.amount, n.currency, 'pending', $2, $3, $4, false
        from unnest($5::uuid[], $6::uuid[], $7::uuid[], $8::bigint[], $9::text[])
            as n (id, order_id, payment_id, amount, currency)
        "#,
        run.organization.get(),
        run.reason,
        run.by.map(domain::ids::UserId::get),
        at(sv.now()) as _,
        &ids,
        &orders,
        &payments,
        &amounts,
        &currencies
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update payments p set state = 'refunded', updated_at = $3
        where p.organization_id = $1 and p.id = any($2) and p.state = 'succeeded'
          and p.amount_minor <= (select sum(r.amount_minor) from refunds r where r.payment_id = p.id and r.exchanged_to is null)
        "#,
        run.organization.get(),
        &payments,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn save_orders(tx: &mut Tx, run: &Run, orders: &[Order]) -> Result<(), Unexpected> {
    let Some(first) = orders.first() else {
        return Ok(());
    };
    let ids: Vec<Uuid> = orders.iter().map(|order| order.id.get()).collect();
    let states: Vec<String> = orders
        .iter()
        .map(|order| OrderState::code(order.state).to_owned())
        .collect();
    let refunded: Vec<i64> = orders.iter().map(|order| order.refunded.minor).collect();
    sqlx::query!(
        r#"
        update orders o set state = n.state, stock = $3, refunded_minor = n.refunded, expires_at = null, cancelled_at = $4,
                            cancel_reason = $5,
                            decision = case when o.state = 'asked' then 'declined' else o.decision end,
                            decided_at = case when o.state = 'asked' then $4 else o.decided_at end
        from unnest($6::uuid[], $7::text[], $8::bigint[]) as n (id, state, refunded)
        where o.organization_id = $1 and o.event_id = $2 and o.id = n.id
        "#,
        run.organization.get(),
        run.event.get(),
        Stock::Released.code(),
        first.cancelled_at.map(at) as _,
        run.reason,
        &ids,
        &states,
        &refunded
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
