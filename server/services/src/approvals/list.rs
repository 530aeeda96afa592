//! Requests of an organization: those that wait, then the latest others.

use domain::{
    ids::{EventId, UserId},
    money::Money,
    orders::ApprovalState,
    when::Timestamp,
};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    permit::{Permit, RefundOrders, ViewOrders},
    rows::{at, coded, count, money},
};

/// Decided ones that are shown.
const LATEST: i64 = 50;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    pub id: Uuid,
    pub state: ApprovalState,
    pub event_slug: String,
    pub event_title: String,
    /// `None`: all orders of the event.
    pub order_code: Option<String>,
    pub buyer_name: Option<String>,
    pub amount: Money,
    /// Tickets that would stop admitting.
    pub tickets: u32,
    /// Orders that would be refunded.
    pub orders: u32,
    pub reason: String,
    pub asked_by: String,
    /// The viewer asked.
    pub own: bool,
    pub asked_at: Timestamp,
    pub expires_at: Timestamp,
    pub decided_by: Option<String>,
    pub decision_reason: String,
}

pub async fn list(
    sv: &Services,
    permit: &Permit<RefundOrders>,
) -> Result<Vec<ApprovalRow>, Unexpected> {
    let only = permit.only_events();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select a.id, case when a.state = 'waiting' and a.expires_at <= $3 then 'expired' else a.state end as "state!",
               e.slug, e.title, o.code as "code?", o.buyer_name as "buyer?", a.amount_minor, a.currency,
               coalesce(case when a.order_id is null then (a.preview->>'tickets')::integer
                             else jsonb_array_length(a.preview->'voided') end, 0) as "tickets!",
               coalesce((a.preview->>'orders')::integer, 1) as "orders!",
               a.reason, u.name as asked_by, a.asked_by = $4 as "own!", a.asked_at, a.expires_at, d.name as "decided_by?",
               a.decision_reason
        from approvals a
        join events e on e.id = a.event_id
        join users u on u.id = a.asked_by
        left join orders o on o.id = a.order_id
        left join users d on d.id = a.decided_by
        where a.organization_id = $1 and ($2::uuid[] is null or a.event_id = any($2))
        order by (a.state = 'waiting' and a.expires_at > $3) desc, a.asked_at desc, a.id desc
        limit $5
        "#,
        permit.organization().get(),
        only.as_deref(),
        at(sv.now()) as _,
        permit.actor().map(UserId::get).unwrap_or_default(),
        LATEST
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(ApprovalRow {
                id: row.id,
                state: coded("approvals", row.id, &row.state)?,
                event_slug: row.slug,
                event_title: row.title,
                order_code: row.code,
                buyer_name: row.buyer,
                amount: money("approvals", row.id, row.amount_minor, &row.currency)?,
                tickets: count("approvals", row.id, row.tickets)?,
                orders: count("approvals", row.id, row.orders)?,
                reason: row.reason,
                asked_by: row.asked_by,
                own: row.own,
                asked_at: row.asked_at.to_jiff(),
                expires_at: row.expires_at.to_jiff(),
                decided_by: row.decided_by,
                decision_reason: row.decision_reason,
            })
        })
        .collect()
}

/// Whether the refunds of this event wait for a second person.
pub async fn event_waits(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    event: EventId,
) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let waits = sqlx::query_scalar!(
        r#"
        select exists (select from approvals where organization_id = $1 and event_id = $2 and order_id is null
                         and state = 'waiting' and expires_at > $3) as "waits!"
        "#,
        permit.organization().get(),
        event.get(),
        at(sv.now()) as _
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(waits)
}
