//! Exchanges in the database.

use domain::{
    ids::{OrderCode, OrderId, OrganizationId, PaymentId, TicketId, UserId},
    money::Money,
    orders::OrderState,
    when::Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::plan::Plan;
use crate::{
    Services, Unexpected,
    db::Tx,
    orders::Order,
    rows::{at, coded},
};

/// An exchange that is not settled.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub from: OrderId,
    pub tickets: Vec<TicketId>,
    pub credit: Money,
    pub back: Money,
    pub asked_by: Option<UserId>,
}

pub(super) async fn insert(
    sv: &Services,
    tx: &mut Tx,
    (from, new): (&Order, OrderId),
    plan: &Plan,
    asked_by: Option<UserId>,
) -> Result<(), Unexpected> {
    let tickets: Vec<Uuid> = plan.given.iter().map(|ticket| ticket.id.get()).collect();
    let money = plan.preview.money;
    sqlx::query!(
        r#"
        insert into exchanges (order_id, organization_id, event_id, from_order_id, tickets, value_minor, fee_minor, back_minor,
                               asked_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        new.get(),
        from.organization.get(),
        plan.event.id.get(),
        from.id.get(),
        &tickets,
        money.value.minor,
        money.fee.minor,
        money.back.minor,
        asked_by.map(UserId::get),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What the order was made by, if that is an exchange that waits.
pub(crate) async fn load(tx: &mut Tx, order: &Order) -> Result<Option<Stored>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select from_order_id, tickets, back_minor, asked_by from exchanges
        where organization_id = $1 and order_id = $2 and settled_at is null
        "#,
        order.organization.get(),
        order.id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Stored {
        from: OrderId::new(row.from_order_id),
        tickets: row.tickets.into_iter().map(TicketId::new).collect(),
        credit: order.credit,
        back: Money::new(row.back_minor, order.total.currency),
        asked_by: row.asked_by.map(UserId::new),
    }))
}

/// Whether the order was made for tickets of another.
pub(in crate::orders) async fn is_one(tx: &mut Tx, order: &Order) -> Result<bool, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from exchanges where organization_id = $1 and order_id = $2) as "is!""#,
        order.organization.get(),
        order.id.get()
    )
    .fetch_one(&mut **tx)
    .await?)
}

/// From now on it is settled, or it has failed.
pub(super) async fn set_over(
    sv: &Services,
    tx: &mut Tx,
    order: &Order,
    settled: bool,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update exchanges set settled_at = case when $3 then $4::timestamptz end,
                             failed_at = case when not $3 then $4::timestamptz end
        where organization_id = $1 and order_id = $2
        "#,
        order.organization.get(),
        order.id.get(),
        settled,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Orders made for these tickets of this one, or for any and none, that wait to be paid.
pub(super) async fn waiting_for(
    tx: &mut Tx,
    order: &Order,
    tickets: &[Uuid],
    all: bool,
) -> Result<Vec<Uuid>, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select x.order_id from exchanges x
        join orders o on o.id = x.order_id
        where x.organization_id = $1 and x.from_order_id = $2 and o.state = 'pending'
          and ($4 or x.tickets && $3)
        order by x.order_id
        "#,
        order.organization.get(),
        order.id.get(),
        tickets,
        all
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// What must be locked besides a payment and its order, where the order was made for tickets of another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Related {
    pub payments: Vec<PaymentId>,
    pub orders: Vec<Uuid>,
}

pub(crate) async fn related(
    tx: &mut Tx,
    organization: OrganizationId,
    payments: &[Uuid],
) -> Result<Related, Unexpected> {
    let orders = sqlx::query_scalar!(
        r#"
        select distinct x.from_order_id from payments p
        join exchanges x on x.order_id = p.order_id
        where p.organization_id = $1 and p.id = any($2) and x.settled_at is null
        "#,
        organization.get(),
        payments
    )
    .fetch_all(&mut **tx)
    .await?;
    if orders.is_empty() {
        return Ok(Related::default());
    }
    let payments = sqlx::query_scalar!(
        r#"
        select id from payments
        where organization_id = $1
          and (order_id = any($2) or id in (select payment_id from refunds where exchanged_to = any($2)))
        "#,
        organization.get(),
        &orders
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(Related {
        payments: payments.into_iter().map(PaymentId::new).collect(),
        orders,
    })
}

/// An order on the other side of an exchange.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Links {
    pub order: OrderId,
    pub code: OrderCode,
    pub state: OrderState,
    pub event_title: String,
    /// It was made for tickets of the order that is shown; otherwise the order that is shown was made for its tickets.
    pub is_newer: bool,
    /// How many tickets were given in, or would be.
    pub tickets: u32,
    pub settled_at: Option<Timestamp>,
    pub failed: bool,
}

/// The orders that this one came from and that came from it; those that came to nothing are left out.
pub(in crate::orders) async fn links(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Vec<Links>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select o.id, o.code, o.state, v.title, x.from_order_id = $2 as "is_newer!", cardinality(x.tickets) as "tickets!",
               x.settled_at, x.failed_at is not null as "failed!"
        from exchanges x
        join orders o on o.id = case when x.from_order_id = $2 then x.order_id else x.from_order_id end
        join events v on v.id = o.event_id
        where x.organization_id = $1 and (x.from_order_id = $2 or x.order_id = $2)
          and (x.order_id = $2 or x.settled_at is not null or o.state = 'pending')
        order by x.created_at, x.order_id
        "#,
        organization.get(),
        order.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Links {
                order: OrderId::new(row.id),
                code: coded("orders", row.id, &row.code)?,
                state: coded("orders", row.id, &row.state)?,
                event_title: row.title,
                is_newer: row.is_newer,
                tickets: u32::try_from(row.tickets).unwrap_or(0),
                settled_at: row.settled_at.map(|at| at.to_jiff()),
                failed: row.failed,
            })
        })
        .collect()
}
