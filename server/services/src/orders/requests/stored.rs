//! What the database says of requests.

use domain::{
    ids::{EventId, OrderId, OrganizationId},
    orders::{Asking, Decision, OrderState},
    when::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{
    Services, Unexpected,
    db::Tx,
    orders::Order,
    permit::{Permit, ViewOrders},
    rows::{at, coded, count},
};

/// How an order was asked for, as its pages show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    pub asking: Asking,
    pub hours: u16,
    /// Since when the organizer can decide; nothing while the card is not held yet.
    pub asked_at: Option<Timestamp>,
    pub decision: Option<Decision>,
    pub decided_at: Option<Timestamp>,
}

/// `None` where nobody's yes was needed.
pub(in crate::orders) async fn of_order(
    tx: &mut Tx,
    organization: OrganizationId,
    id: OrderId,
) -> Result<Option<RequestView>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select asking, asking_hours as "hours!", asked_at, decision, decided_at
        from orders
        where organization_id = $1 and id = $2 and asking <> 'no'
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(RequestView {
            asking: coded("orders", id, &row.asking)?,
            hours: u16::try_from(row.hours).unwrap_or(u16::MAX),
            asked_at: row.asked_at.map(|t| t.to_jiff()),
            decision: row
                .decision
                .map(|decision| coded("orders", id, &decision))
                .transpose()?,
            decided_at: row.decided_at.map(|t| t.to_jiff()),
        })
    })
    .transpose()
}

/// How many requests wait, of one event or of all that the permit reaches.
pub async fn count_requests(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    event: Option<EventId>,
) -> Result<u32, Unexpected> {
    let only = permit.only_events();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let waiting = sqlx::query_scalar!(
        r#"
        select count(*) as "n!" from orders
        where organization_id = $1 and state = 'asked' and ($2::uuid is null or event_id = $2)
          and ($3::uuid[] is null or event_id = any($3))
        "#,
        permit.organization().get(),
        event.map(EventId::get),
        only.as_deref()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    count("orders", permit.organization(), waiting)
}

/// Keeps how a locked order's request was decided, and where the order stands because of it.
pub(super) async fn set_decision(
    tx: &mut Tx,
    order: &mut Order,
    (decision, after): (Decision, OrderState),
    now: Timestamp,
) -> Result<(), Unexpected> {
    order.decision = Some(decision);
    order.state = after;
    sqlx::query!(
        "update orders set state = $3, decision = $4, decided_at = $5 where organization_id = $1 and id = $2",
        order.organization.get(),
        order.id.get(),
        after.code(),
        decision.code(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// From now on the organizer can decide.
pub(super) async fn set_asked(
    tx: &mut Tx,
    order: &Order,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update orders set state = $3, asked_at = $4, expires_at = $5 where organization_id = $1 and id = $2",
        order.organization.get(),
        order.id.get(),
        order.state.code(),
        at(now) as _,
        order.expires_at.map(at) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether the event begins at another time than when the order was made.
pub(super) async fn has_moved(tx: &mut Tx, order: &Order) -> Result<bool, Unexpected> {
    let moved = sqlx::query_scalar!(
        r#"
        select o.agreed_starts_at is distinct from e.starts_at as "moved!"
        from orders o join events e on e.id = o.event_id
        where o.organization_id = $1 and o.id = $2
        "#,
        order.organization.get(),
        order.id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(moved)
}
