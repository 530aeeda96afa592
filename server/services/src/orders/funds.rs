//! Where an order's money is: in payments of its own, and in those of orders whose tickets were given in for it.

use std::collections::HashMap;

use domain::{
    ids::{OrderId, OrganizationId, PaymentId},
    money::Money,
    orders::{borne_by_each, spread},
};
use uuid::Uuid;

use super::{Order, OrderView};
use crate::{Unexpected, db::Tx, rows::money};

/// Money of an order within one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fund {
    pub payment: PaymentId,
    /// Of the order and not given back.
    pub held: Money,
    /// Of that, what a bank has.
    pub withheld: Money,
    /// It is a payment for this order.
    pub own: bool,
}

impl Fund {
    /// What can go back out of it.
    fn free(&self) -> Money {
        Money::new(
            self.held.minor.saturating_sub(self.withheld.minor).max(0),
            self.held.currency,
        )
    }
}

/// The funds of one order, the newest payment first.
#[derive(Debug, Clone, Default)]
pub(super) struct Funds(pub Vec<Fund>);

impl Funds {
    /// What can go back, payment by payment.
    pub fn free(&self) -> Vec<(PaymentId, Money)> {
        self.0
            .iter()
            .map(|fund| (fund.payment, fund.free()))
            .filter(|(_, free)| free.minor > 0)
            .collect()
    }

    /// What banks have of payments of other orders.
    pub fn withheld_elsewhere(&self, nothing: Money) -> Money {
        let minor = self
            .0
            .iter()
            .filter(|fund| !fund.own)
            .map(|fund| fund.withheld.minor)
            .sum();
        Money::new(minor, nothing.currency)
    }
}

/// One order's share of a payment, before banks are asked.
struct Share {
    order: Uuid,
    held: Money,
    taken: Money,
    own: bool,
}

/// The funds of these orders. Whoever means to touch the money has locked the payments.
pub(super) async fn funds(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<HashMap<OrderId, Funds>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        with moved as (
            select p.id as payment_id, p.order_id, p.amount_minor as amount
            from payments p
            where p.organization_id = $1 and p.state in ('succeeded', 'refunded')
              and not exists (select from refunds r where r.payment_id = p.id and r.of_second_payment)
              and p.id in (
                  select o.id from payments o where o.order_id = any($2)
                  union select x.payment_id from refunds x where x.exchanged_to = any($2))
            union all
            select r.payment_id, r.exchanged_to, r.amount_minor
            from refunds r
            where r.organization_id = $1 and r.exchanged_to is not null
              and r.payment_id in (
                  select o.id from payments o where o.order_id = any($2)
                  union select x.payment_id from refunds x where x.exchanged_to = any($2))
            union all
            select r.payment_id, r.order_id, -r.amount_minor
            from refunds r
            where r.organization_id = $1 and not r.of_second_payment
              and r.payment_id in (
                  select o.id from payments o where o.order_id = any($2)
                  union select x.payment_id from refunds x where x.exchanged_to = any($2))
        )
        select m.payment_id as "payment!", m.order_id as "order!", sum(m.amount)::bigint as "held!", p.currency as "currency!",
               p.order_id = m.order_id as "own!",
               (select coalesce(sum(d.taken_minor), 0)::bigint from disputes d where d.payment_id = m.payment_id) as "taken!"
        from moved m
        join payments p on p.id = m.payment_id
        group by m.payment_id, m.order_id, p.currency, p.order_id, p.created_at
        having sum(m.amount) > 0
        order by p.created_at desc, m.payment_id desc, p.order_id = m.order_id desc, m.order_id
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut payments: Vec<(PaymentId, Vec<Share>)> = Vec::new();
    for row in rows {
        let payment = PaymentId::new(row.payment);
        let share = Share {
            order: row.order,
            held: money("payments", payment, row.held, &row.currency)?,
            taken: money("payments", payment, row.taken, &row.currency)?,
            own: row.own,
        };
        match payments.last_mut() {
            Some((last, shares)) if *last == payment => shares.push(share),
            _ => payments.push((payment, vec![share])),
        }
    }
    let mut funds: HashMap<OrderId, Funds> = HashMap::new();
    for (payment, shares) in payments {
        let held: Vec<Money> = shares.iter().map(|share| share.held).collect();
        let Some(taken) = shares.first().map(|share| share.taken) else {
            continue;
        };
        for (share, withheld) in shares.iter().zip(borne_by_each(&held, taken)) {
            funds
                .entry(OrderId::new(share.order))
                .or_default()
                .0
                .push(Fund {
                    payment,
                    held: share.held,
                    withheld,
                    own: share.own,
                });
        }
    }
    Ok(funds)
}

/// The funds of one order.
pub(super) async fn funds_of(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Funds, Unexpected> {
    let mut all = funds(tx, organization, &[order.get()]).await?;
    Ok(all.remove(&order).unwrap_or_default())
}

/// As [`Order::left`], less what no payment holds. Read without locks, so it is for pages only: whoever moves money asks
/// once more.
pub(super) async fn left(
    tx: &mut Tx,
    organization: OrganizationId,
    order: &OrderView,
) -> Result<Money, Unexpected> {
    let funds = funds_of(tx, organization, order.id).await?;
    let held = funds
        .free()
        .iter()
        .fold(0_i64, |sum, (_, free)| sum.saturating_add(free.minor));
    let came_in = if order.paid_at.is_some() {
        order.total
    } else {
        order.due()
    };
    let gone = [
        order.refunded,
        order.disputed,
        funds.withheld_elsewhere(order.total),
    ];
    let left = gone
        .iter()
        .fold(came_in.minor, |left, gone| left.saturating_sub(gone.minor));
    Ok(Money::new(left.clamp(0, held.max(0)), order.total.currency))
}

/// What banks hold of the payments that an order's credit came from.
pub(crate) async fn withheld(tx: &mut Tx, order: &Order) -> Result<Money, Unexpected> {
    let funds = funds_of(tx, order.organization, order.id).await?;
    Ok(funds.withheld_elsewhere(order.total))
}

/// What banks hold of an order's money in one payment.
pub(crate) async fn borne(
    tx: &mut Tx,
    order: &Order,
    payment: PaymentId,
) -> Result<Money, Unexpected> {
    let funds = funds_of(tx, order.organization, order.id).await?;
    let of_this = funds.0.iter().find(|fund| fund.payment == payment);
    Ok(of_this.map_or(Money::zero(order.total.currency), |fund| fund.withheld))
}

/// Out of whose money in a payment so much can have gone back, and how much of each: of the order that was paid with it, as long
/// as that holds enough of it, else of another that does, else of all in turn. Where even all together have too little, it is said
/// of the one that was paid with it, which refuses.
pub(crate) async fn holders(
    tx: &mut Tx,
    organization: OrganizationId,
    (payment, own): (PaymentId, OrderId),
    amount: Money,
) -> Result<Vec<(OrderId, Money)>, Unexpected> {
    let mut orders = living_on(tx, organization, payment).await?;
    if orders.is_empty() {
        return Ok(vec![(own, amount)]);
    }
    orders.push(own.get());
    let all = funds(tx, organization, &orders).await?;
    let mut free: Vec<(OrderId, Money)> = all
        .iter()
        .filter_map(|(order, funds)| {
            let of_this = funds.free().into_iter().find(|(from, _)| *from == payment);
            of_this.map(|(_, free)| (*order, free))
        })
        .collect();
    free.sort_by_key(|(order, _)| (*order != own, *order));
    let enough = free.iter().find(|(_, free)| free.minor >= amount.minor);
    if let Some((order, _)) = enough {
        return Ok(vec![(*order, amount)]);
    }
    Ok(spread(&free, amount).unwrap_or_else(|| vec![(own, amount)]))
}

/// Whether parts of an order's money go back only in the steps that cards move: what came by transfer goes to the last decimal.
pub(super) async fn go_in_steps(tx: &mut Tx, order: &Order) -> Result<bool, Unexpected> {
    if order.total.currency.step() == 1 {
        return Ok(false);
    }
    let funds = funds_of(tx, order.organization, order.id).await?;
    let payments: Vec<Uuid> = funds.0.iter().map(|fund| fund.payment.get()).collect();
    let by_card = sqlx::query_scalar!(
        r#"
        select exists (
            select from payments where organization_id = $1 and id = any($2) and provider <> 'transfer'
        ) as "by_card!"
        "#,
        order.organization.get(),
        &payments
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(by_card)
}

/// The orders that money of this payment went into when tickets were given in for them.
pub(crate) async fn living_on(
    tx: &mut Tx,
    organization: OrganizationId,
    payment: PaymentId,
) -> Result<Vec<Uuid>, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select distinct exchanged_to as "order!" from refunds
        where organization_id = $1 and payment_id = $2 and exchanged_to is not null
        "#,
        organization.get(),
        payment.get()
    )
    .fetch_all(&mut **tx)
    .await?)
}
