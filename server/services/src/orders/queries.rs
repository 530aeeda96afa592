//! SQL of orders.

use std::collections::HashMap;

use domain::{
    ids::{EventId, HoldId, OrderCode, OrderId, OrganizationId, TicketId, TicketTypeId},
    money::Money,
    orders::{HOURS_USUAL, OrderState},
    when::Timestamp,
};
use uuid::Uuid;

use super::{
    find::Found,
    rows::{Order, Stock},
};
use crate::{
    Unexpected,
    db::Tx,
    permit::{Act, Permit},
    rows::{at, coded, count, money},
    seal,
    stock::Lines,
};

/// Finds whose order a secret names, without locking.
pub(crate) async fn find_by_secret(
    tx: &mut Tx,
    secret: &str,
) -> Result<Option<(OrderId, OrganizationId)>, Unexpected> {
    let row = sqlx::query!(
        "select id, organization_id from orders where secret_hash = $1",
        seal::hash(secret)
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        (
            OrderId::new(row.id),
            OrganizationId::new(row.organization_id),
        )
    }))
}

/// In the order of the secrets, without locking.
pub(super) async fn find_all_by_secret(
    tx: &mut Tx,
    secrets: &[String],
) -> Result<Vec<Option<Found>>, Unexpected> {
    let hashes: Vec<Vec<u8>> = secrets.iter().map(|secret| seal::hash(secret)).collect();
    let rows = sqlx::query!(
        "select secret_hash, id, organization_id, event_id from orders where secret_hash = any($1)",
        &hashes
    )
    .fetch_all(&mut **tx)
    .await?;
    let found: HashMap<Vec<u8>, Found> = rows
        .into_iter()
        .map(|row| {
            let found = Found {
                order: OrderId::new(row.id),
                organization: OrganizationId::new(row.organization_id),
                event: EventId::new(row.event_id),
            };
            (row.secret_hash, found)
        })
        .collect();
    Ok(hashes.iter().map(|hash| found.get(hash).copied()).collect())
}

/// The order with this code, if the permit reaches it.
pub(crate) async fn find_by_code<A: Act>(
    tx: &mut Tx,
    permit: &Permit<A>,
    code: OrderCode,
) -> Result<Option<OrderId>, Unexpected> {
    let only = permit.only_events();
    let id = sqlx::query_scalar!(
        r#"
        select id from orders
        where organization_id = $1 and code = $2 and ($3::uuid[] is null or event_id = any($3))
        "#,
        permit.organization().get(),
        code.as_str(),
        only.as_deref()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(OrderId::new))
}

pub(crate) async fn of_hold(
    tx: &mut Tx,
    organization: OrganizationId,
    hold: HoldId,
) -> Result<Option<OrderId>, Unexpected> {
    let found = of_holds(tx, organization, &[hold.get()]).await?;
    Ok(found.into_values().next())
}

/// The orders that were made of these holds.
pub(crate) async fn of_holds(
    tx: &mut Tx,
    organization: OrganizationId,
    holds: &[Uuid],
) -> Result<HashMap<HoldId, OrderId>, Unexpected> {
    let rows = sqlx::query!(
        r#"select hold_id as "hold_id!", id from orders where organization_id = $1 and hold_id = any($2)"#,
        organization.get(),
        holds
    )
    .fetch_all(&mut **tx)
    .await?;
    let pair = |(hold, order)| (HoldId::new(hold), OrderId::new(order));
    Ok(rows
        .into_iter()
        .map(|row| pair((row.hold_id, row.id)))
        .collect())
}

pub(crate) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Option<Order>, Unexpected> {
    Ok(lock_all(tx, organization, &[id.get()]).await?.pop())
}

/// Locks the payments of orders out of which money will go, in the order of their ids. News of the provider lock a payment and
/// then its order; whoever means to touch both does the same, or the two wait for each other.
pub(super) async fn lock_payments(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<(), Unexpected> {
    sqlx::query_scalar!(
        r#"
        select id from payments
        where organization_id = $1
          and (order_id = any($2) or id in (select payment_id from refunds where exchanged_to = any($2)))
        order by id
        for update
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

/// Locks in the order of ids.
pub(crate) async fn lock_all(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[Uuid],
) -> Result<Vec<Order>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, event_id, code, state, stock, buyer_email, currency, total_minor, tax_minor, fee_minor, refunded_minor,
               disputed_minor, lost_minor, credit_minor, withheld_minor, refund_policy, change_terms, agreed_starts_at,
               expires_at, paid_at, cancelled_at, cancel_reason, reverse_charge, lost_elsewhere_minor, asking, asking_hours, decision
        from orders
        where organization_id = $1 and id = any($2)
        order by id
        for update
        "#,
        organization.get(),
        ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let id = OrderId::new(row.id);
            Ok(Order {
                id,
                organization,
                event: EventId::new(row.event_id),
                code: coded("orders", id, &row.code)?,
                state: coded("orders", id, &row.state)?,
                stock: Stock::from_code(&row.stock)
                    .ok_or_else(|| Unexpected::bad_row("orders", id, &row.stock))?,
                buyer_email: row.buyer_email,
                total: money("orders", id, row.total_minor, &row.currency)?,
                tax: money("orders", id, row.tax_minor, &row.currency)?,
                fee: money("orders", id, row.fee_minor, &row.currency)?,
                reverse_charge: row.reverse_charge,
                refunded: money("orders", id, row.refunded_minor, &row.currency)?,
                disputed: money("orders", id, row.disputed_minor, &row.currency)?,
                lost: money("orders", id, row.lost_minor, &row.currency)?,
                lost_elsewhere: money("orders", id, row.lost_elsewhere_minor, &row.currency)?,
                credit: money("orders", id, row.credit_minor, &row.currency)?,
                withheld: money("orders", id, row.withheld_minor, &row.currency)?,
                change_terms: row
                    .change_terms
                    .map(serde_json::from_value)
                    .transpose()
                    .map_err(|e| Unexpected::bad_row("orders", id, e))?,
                policy: serde_json::from_value(row.refund_policy)
                    .map_err(|e| Unexpected::bad_row("orders", id, e))?,
                agreed_starts_at: row.agreed_starts_at.map(|t| t.to_jiff()),
                expires_at: row.expires_at.map(|t| t.to_jiff()),
                paid_at: row.paid_at.map(|t| t.to_jiff()),
                cancelled_at: row.cancelled_at.map(|t| t.to_jiff()),
                cancel_reason: row.cancel_reason,
                asking: coded("orders", id, &row.asking)?,
                asking_hours: row
                    .asking_hours
                    .and_then(|hours| u16::try_from(hours).ok())
                    .unwrap_or(HOURS_USUAL),
                decision: row
                    .decision
                    .map(|decision| coded("orders", id, &decision))
                    .transpose()?,
            })
        })
        .collect()
}

/// These orders are paid and their places sold.
pub(super) async fn set_paid(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &[Uuid],
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update orders set state = $3, stock = $4, paid_at = $5, expires_at = null,
                          decision = case when asking <> 'no' then coalesce(decision, 'approved') end,
                          decided_at = case when asking <> 'no' then coalesce(decided_at, $5) end
        where organization_id = $1 and id = any($2)
        "#,
        organization.get(),
        ids,
        OrderState::Paid.code(),
        Stock::Sold.code(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes everything about an order that can change.
pub(crate) async fn save(tx: &mut Tx, order: &Order) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update orders set state = $3, stock = $4, refunded_minor = $5, expires_at = $6, paid_at = $7, cancelled_at = $8,
                          cancel_reason = $9, disputed_minor = $10, lost_minor = $11, withheld_minor = $12,
                          lost_elsewhere_minor = $13
        where organization_id = $1 and id = $2
        "#,
        order.organization.get(),
        order.id.get(),
        order.state.code(),
        order.stock.code(),
        order.refunded.minor,
        order.expires_at.map(at) as _,
        order.paid_at.map(at) as _,
        order.cancelled_at.map(at) as _,
        order.cancel_reason,
        order.disputed.minor,
        order.lost.minor,
        order.withheld.minor,
        order.lost_elsewhere.minor
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What was ordered, whatever became of it.
pub(crate) async fn places(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Lines, Unexpected> {
    let rows = sqlx::query!(
        "select ticket_type_id, quantity from order_lines where organization_id = $1 and order_id = $2 order by id",
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok((
                TicketTypeId::new(row.ticket_type_id),
                count("order_lines", id, row.quantity)?,
            ))
        })
        .collect()
}

/// A ticket that admits, and what was paid for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LiveTicket {
    pub id: TicketId,
    pub ticket_type: TicketTypeId,
    pub unit: Money,
    /// The platform's, within the price.
    pub fee: Money,
    pub inside: bool,
    /// Its holder is not the buyer any more.
    pub passed_on: bool,
}

/// Keeps doors from letting anybody in with the order's tickets until this is over, or waits for the scan that does. Who is
/// inside has to be asked afterwards, in a statement of its own.
pub(crate) async fn lock_tickets(tx: &mut Tx, order: &Order) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        select id from tickets where organization_id = $1 and order_id = $2 and state = 'valid' order by id
        for update
        "#,
        order.organization.get(),
        order.id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(())
}

pub(crate) async fn live_tickets(
    tx: &mut Tx,
    order: &Order,
) -> Result<Vec<LiveTicket>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select t.id, t.ticket_type_id, l.unit_price_minor, l.fee_minor / l.quantity as "unit_fee_minor!", t.passed_on,
               exists (select from check_ins c where c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted')
                   as "inside!"
        from tickets t
        join order_lines l on l.id = t.order_line_id
        where t.organization_id = $1 and t.order_id = $2 and t.state = 'valid'
        order by t.id
        "#,
        order.organization.get(),
        order.id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LiveTicket {
            id: TicketId::new(row.id),
            ticket_type: TicketTypeId::new(row.ticket_type_id),
            unit: Money::new(row.unit_price_minor, order.total.currency),
            fee: Money::new(row.unit_fee_minor, order.total.currency),
            inside: row.inside,
            passed_on: row.passed_on > 0,
        })
        .collect())
}

/// Where the order is whose time to pay was over first.
pub(super) async fn event_with_due_orders(
    tx: &mut Tx,
    now: Timestamp,
    without: &[Uuid],
) -> Result<Option<(OrganizationId, EventId)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select organization_id, event_id from orders
        where state in ('pending', 'asked') and expires_at <= $1 and event_id <> all($2)
        order by expires_at
        limit 1
        "#,
        at(now) as _,
        without
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        (
            OrganizationId::new(row.organization_id),
            EventId::new(row.event_id),
        )
    }))
}

/// An unpaid order whose time is over.
pub(super) struct Due {
    pub id: Uuid,
    /// It waited for the organizer.
    pub asked: bool,
    /// The organizer had said yes.
    pub approved: bool,
    /// It waited for a transfer.
    pub by_transfer: bool,
}

/// Locks unpaid orders of an event whose time is over, except those somebody is busy with.
pub(super) async fn lock_due(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Due>, Unexpected> {
    Ok(sqlx::query_as!(
        Due,
        r#"
        select o.id, o.state = 'asked' as "asked!", coalesce(o.decision = 'approved', false) as "approved!",
               exists (select from payments p
                       where p.order_id = o.id and p.provider = 'transfer' and p.state = 'created') as "by_transfer!"
        from orders o
        where o.organization_id = $1 and o.event_id = $2 and o.state in ('pending', 'asked') and o.stock = 'held'
          and o.expires_at <= $3
        order by o.id
        limit $4
        for update of o skip locked
        "#,
        organization.get(),
        event.get(),
        at(now) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// What was ordered in all of these, together.
pub(crate) async fn places_of(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
) -> Result<Lines, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select ticket_type_id, sum(quantity) as "quantity!"
        from order_lines
        where organization_id = $1 and order_id = any($2)
        group by ticket_type_id
        "#,
        organization.get(),
        orders
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let quantity = count("order_lines", row.ticket_type_id, row.quantity)?;
            Ok((TicketTypeId::new(row.ticket_type_id), quantity))
        })
        .collect()
}

/// From here on `expires_at` tells when the time was over.
pub(super) async fn set_expired(
    tx: &mut Tx,
    organization: OrganizationId,
    orders: &[Uuid],
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update orders set state = 'expired', stock = 'released', expires_at = $3,
                          decision = case when state = 'asked' then 'lapsed' else decision end,
                          decided_at = case when state = 'asked' then $3 else decided_at end
        where organization_id = $1 and id = any($2)
        "#,
        organization.get(),
        orders,
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
