//! SQL of holds whose clocks ran out.

use domain::{
    ids::{EventId, OrganizationId, TicketTypeId},
    when::Timestamp,
};
use uuid::Uuid;

use crate::{
    Unexpected,
    db::Tx,
    rows::{at, count},
    stock::Lines,
};

/// Where the hold is whose clock ran out first, without events that are left out.
pub(in crate::checkout) async fn event_with_due_holds(
    tx: &mut Tx,
    now: Timestamp,
    without: &[Uuid],
) -> Result<Option<(OrganizationId, EventId)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select organization_id, event_id from holds
        where state = 'active' and expires_at <= $1 and event_id <> all($2)
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

/// Locks holds of an event whose clock ran out, except those somebody is busy with.
pub(in crate::checkout) async fn lock_due(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Uuid>, Unexpected> {
    let ids = sqlx::query_scalar!(
        r#"
        select id from holds
        where organization_id = $1 and event_id = $2 and state = 'active' and expires_at <= $3
        order by id
        limit $4
        for update skip locked
        "#,
        organization.get(),
        event.get(),
        at(now) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// What these holds keep, together.
pub(in crate::checkout) async fn places_of(
    tx: &mut Tx,
    organization: OrganizationId,
    holds: &[Uuid],
) -> Result<Lines, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select ticket_type_id, sum(quantity) as "quantity!"
        from hold_lines
        where organization_id = $1 and hold_id = any($2)
        group by ticket_type_id
        "#,
        organization.get(),
        holds
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let quantity = count("hold_lines", row.ticket_type_id, row.quantity)?;
            Ok((TicketTypeId::new(row.ticket_type_id), quantity))
        })
        .collect()
}
