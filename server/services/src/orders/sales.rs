//! How an event sells, in figures that are read again whenever something changes.

use domain::{
    ids::{EventId, TicketTypeId},
    money::Money,
    when::Timestamp,
};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    Services, Unexpected,
    checkout::{EventSummary, summary},
    db::Tx,
    permit::{Permit, ViewSales},
    phases::{self, OnSale},
    prices::EventPrices,
    rows::{at, count},
    waiting_room::{self, Line},
};

/// How many days [`SalesFigures::days`] tells of, today included.
const DAYS: i32 = 14;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SalesFigures {
    pub types: Vec<TypeFigures>,
    /// Tickets of all types that admit.
    pub sold: u32,
    /// Kept for buyers who are choosing or paying.
    pub held: u32,
    /// Places, each counted once although several pools may be about it.
    pub capacity: u32,
    pub left: u32,
    pub checked_in: u32,
    /// What was paid, less what was promised back.
    pub revenue: Money,
    pub refunded: Money,
    pub paid_orders: u32,
    pub pending_orders: u32,
    /// That wait for the organizer's yes.
    pub asked_orders: u32,
    /// The last fourteen days in the event's zone, oldest first.
    pub days: Vec<DayOfSales>,
    /// Those who wait for their turn, where there is a waiting room.
    pub line: Option<Line>,
    pub as_of: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeFigures {
    pub id: TicketTypeId,
    pub name: String,
    /// The whole price, as buyers see it.
    pub price: Money,
    pub sold: u32,
    pub held: u32,
    /// Shared pools are counted for each type that draws from them.
    pub left: u32,
    pub checked_in: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOfSales {
    pub day: Date,
    pub orders: u32,
    pub tickets: u32,
}

/// `None` when the organization has no such event.
pub async fn sales(
    sv: &Services,
    permit: &Permit<ViewSales>,
    event: EventId,
) -> Result<Option<SalesFigures>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(event) = summary(&mut tx, permit.organization(), event).await? else {
        return Ok(None);
    };
    let organization = permit.organization().get();
    let prices = EventPrices::load(
        &mut tx,
        permit.organization(),
        event.id,
        event.currency,
        sv.now(),
    )
    .await?;
    let types = types(&mut tx, organization, &event, &prices, sv.now()).await?;
    let capacity = sqlx::query_scalar!(
        r#"select event_capacity($1) as "capacity!""#,
        event.id.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    let capacity = count("pools", event.id, capacity)?;
    let orders = sqlx::query!(
        r#"
        select count(*) filter (where state = 'paid') as "paid!", count(*) filter (where state = 'pending') as "pending!",
               count(*) filter (where state = 'asked') as "asked!"
        from orders where organization_id = $1 and event_id = $2
        "#,
        organization,
        event.id.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    let (sold_for, refunded) = money(&mut tx, organization, &event).await?;
    let days = days(sv, &mut tx, organization, &event).await?;
    let line = waiting_room::line(&mut tx, permit.organization(), event.id).await?;
    tx.commit().await?;
    let sold: u32 = types.iter().map(|t| t.sold).sum();
    let held: u32 = types.iter().map(|t| t.held).sum();
    Ok(Some(SalesFigures {
        sold,
        held,
        capacity,
        left: capacity.saturating_sub(sold.saturating_add(held)),
        checked_in: types.iter().map(|t| t.checked_in).sum(),
        types,
        revenue: sold_for
            .checked_sub(refunded)
            .map_err(|e| Unexpected::bad_row("ledger_entries", event.id, e))?,
        refunded,
        paid_orders: count("orders", event.id, orders.paid)?,
        pending_orders: count("orders", event.id, orders.pending)?,
        asked_orders: count("orders", event.id, orders.asked)?,
        days,
        line,
        as_of: sv.now(),
    }))
}

async fn types(
    tx: &mut Tx,
    organization: uuid::Uuid,
    event: &EventSummary,
    prices: &EventPrices,
    now: Timestamp,
) -> Result<Vec<TypeFigures>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select y.id, y.name, y.price_minor, y.price_phases, y.tax_rate, y.max_per_order,
               coalesce((select c.taken from price_phase_counts c where c.ticket_type_id = y.id), 0) as "taken!",
               (select count(*) from tickets t where t.ticket_type_id = y.id and t.state = 'valid') as "sold!",
               (select count(*) from tickets t
                join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted' and c.turn = 1
                where t.ticket_type_id = y.id) as "checked_in!",
               (select coalesce(sum(l.quantity), 0) from hold_lines l join holds h on h.id = l.hold_id
                where l.ticket_type_id = y.id and h.state = 'active')
             + (select coalesce(sum(l.quantity), 0) from order_lines l join orders o on o.id = l.order_id
                where l.ticket_type_id = y.id and o.stock = 'held') as "held!",
               (select coalesce(min(p.capacity - p.held - p.sold), 0) from ticket_type_pools tp join pools p on p.id = tp.pool_id
                where tp.ticket_type_id = y.id) as "left!"
        from ticket_types y
        where y.organization_id = $1 and y.event_id = $2
        order by y.position, y.number
        "#,
        organization,
        event.id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let chain = phases::read(row.id, row.price_phases)?;
            let on_sale = OnSale {
                id: row.id,
                price_minor: row.price_minor,
                tax_rate: row.tax_rate,
                phases: chain.as_ref(),
                taken: count("price_phase_counts", row.id, row.taken)?,
                max_per_order: count("ticket_types", row.id, row.max_per_order)?,
            };
            Ok(TypeFigures {
                id: TicketTypeId::new(row.id),
                name: row.name,
                price: prices.today(on_sale, now)?.0.unit,
                sold: count("ticket_types", row.id, row.sold)?,
                held: count("ticket_types", row.id, row.held)?,
                left: count("ticket_types", row.id, row.left)?,
                checked_in: count("ticket_types", row.id, row.checked_in)?,
            })
        })
        .collect()
}

/// What buyers paid and what was promised back, by the books, tax and fees included.
async fn money(
    tx: &mut Tx,
    organization: uuid::Uuid,
    event: &EventSummary,
) -> Result<(Money, Money), Unexpected> {
    let row = sqlx::query!(
        r#"
        select coalesce(-sum(e.amount_minor) filter (where booked_as(t.kind, t.refund_id, t.reference) = 'sale'), 0)::bigint as "sold!",
               coalesce(sum(e.amount_minor) filter (where booked_as(t.kind, t.refund_id, t.reference) = 'refund'), 0)::bigint
                   as "refunded!"
        from ledger_entries e
        join ledger_transactions t on t.id = e.transaction_id
        join orders o on o.id = t.order_id
        where e.organization_id = $1 and o.event_id = $2 and e.currency = $3
          and e.account in ('organizer_payable', 'tax_collected', 'platform_fees')
        "#,
        organization,
        event.id.get(),
        event.currency.as_str()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok((
        Money::new(row.sold, event.currency),
        Money::new(row.refunded, event.currency),
    ))
}

async fn days(
    sv: &Services,
    tx: &mut Tx,
    organization: uuid::Uuid,
    event: &EventSummary,
) -> Result<Vec<DayOfSales>, Unexpected> {
    let zone = TimeZone::get(&event.time_zone).unwrap_or(TimeZone::UTC);
    let today = sv.now().to_zoned(zone.clone()).date();
    let first = today.saturating_sub((DAYS - 1).days());
    let from = first
        .to_zoned(zone.clone())
        .map_or_else(|_| sv.now(), |start| start.timestamp());
    let rows = sqlx::query!(
        r#"
        select o.paid_at as "paid_at!", (select coalesce(sum(l.quantity), 0) from order_lines l where l.order_id = o.id) as "tickets!"
        from orders o
        where o.organization_id = $1 and o.event_id = $2 and o.paid_at >= $3
        "#,
        organization,
        event.id.get(),
        at(from) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut days: Vec<DayOfSales> = (0..DAYS)
        .map(|n| DayOfSales {
            day: first.saturating_add(n.days()),
            orders: 0,
            tickets: 0,
        })
        .collect();
    for row in rows {
        let day = row.paid_at.to_jiff().to_zoned(zone.clone()).date();
        if let Some(entry) = days.iter_mut().find(|entry| entry.day == day) {
            entry.orders += 1;
            entry.tickets += count("orders", event.id, row.tickets)?;
        }
    }
    Ok(days)
}
