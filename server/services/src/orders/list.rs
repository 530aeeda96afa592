//! An organizer's orders, newest first.

use domain::{
    ids::{EventId, OrderCode, OrderId},
    money::Money,
    orders::OrderState,
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Services, Unexpected,
    paging::{self, Cursor, Page},
    permit::{Permit, ViewOrders},
    rows::{at, coded, count, money},
};

#[derive(Debug, Clone, Default)]
pub struct ListOrders {
    /// All events of the organization when absent.
    pub event: Option<EventId>,
    pub state: Option<OrderState>,
    /// Part of a code, a buyer's or attendee's name, or an address; empty for all.
    pub search: String,
    pub cursor: Option<String>,
    pub limit: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRow {
    pub id: OrderId,
    pub code: OrderCode,
    pub state: OrderState,
    pub event: EventId,
    pub event_slug: String,
    pub event_title: String,
    /// IANA name of the event's zone.
    pub time_zone: String,
    pub buyer_name: String,
    pub buyer_email: String,
    pub tickets: u32,
    pub total: Money,
    pub refunded: Money,
    pub created_at: Timestamp,
}

/// One page of orders.
pub async fn list(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    ask: ListOrders,
) -> Result<Page<OrderRow>, Unexpected> {
    let limit = paging::limit(ask.limit);
    let after = Cursor::decode(ask.cursor.as_deref());
    let pattern = pattern(&ask.search);
    let only = permit.only_events();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select o.id, o.code, o.state, o.event_id, e.slug, e.title, e.time_zone, o.buyer_name, o.buyer_email, o.currency, o.total_minor,
               o.refunded_minor, o.created_at,
               (select coalesce(sum(l.quantity), 0) from order_lines l where l.order_id = o.id) as "tickets!"
        from orders o
        join events e on e.id = o.event_id
        where o.organization_id = $1
          and ($2::uuid is null or o.event_id = $2)
          and ($8::uuid[] is null or o.event_id = any($8))
          and ($3::text is null or o.state = $3)
          and ($4::text is null or o.code ilike $4 or o.buyer_name ilike $4 or o.buyer_email ilike $4 or exists (
                select from order_lines l join attendees a on a.order_line_id = l.id
                where l.order_id = o.id and (a.name ilike $4 or a.email ilike $4)))
          and ($5::timestamptz is null or (o.created_at, o.id) < ($5, $6))
        order by o.created_at desc, o.id desc
        limit $7
        "#,
        permit.organization().get(),
        ask.event.map(EventId::get),
        ask.state.map(OrderState::code),
        pattern,
        after.map(|cursor| at(cursor.at)) as _,
        after.map(|cursor| cursor.id),
        i64::try_from(limit + 1).unwrap_or(i64::MAX),
        only.as_deref()
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(OrderRow {
                id: OrderId::new(row.id),
                code: coded("orders", row.id, &row.code)?,
                state: coded("orders", row.id, &row.state)?,
                event: EventId::new(row.event_id),
                event_slug: row.slug,
                event_title: row.title,
                time_zone: row.time_zone,
                buyer_name: row.buyer_name,
                buyer_email: row.buyer_email,
                tickets: count("orders", row.id, row.tickets)?,
                total: money("orders", row.id, row.total_minor, &row.currency)?,
                refunded: money("orders", row.id, row.refunded_minor, &row.currency)?,
                created_at: row.created_at.to_jiff(),
            })
        })
        .collect::<Result<Vec<_>, Unexpected>>()?;
    Ok(Page::cut(items, limit, |row| Cursor {
        at: row.created_at,
        id: row.id.get(),
    }))
}

/// What was typed, to be found anywhere in a text; its own wildcards mean themselves.
pub(super) fn pattern(search: &str) -> Option<String> {
    let search = search.trim();
    if search.is_empty() {
        return None;
    }
    let plain: String = search.chars().take(100).collect();
    let plain = plain
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    Some(format!("%{plain}%"))
}
