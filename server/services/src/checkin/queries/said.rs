//! SQL of what whoever runs the doors has said and opened.

use domain::ids::{EventId, OrganizationId, TicketTypeId};

use crate::Unexpected;
use crate::checkin::{OpenedGate, SentMessage};
use crate::db::Tx;

/// Kinds of tickets with their names, in their order.
pub(in crate::checkin) async fn kinds(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<(TicketTypeId, String)>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, name from ticket_types
        where organization_id = $1 and event_id = $2
        order by state = 'archived', position, number
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let kinds = rows
        .into_iter()
        .map(|row| (TicketTypeId::new(row.id), row.name));
    Ok(kinds.collect())
}

pub(in crate::checkin) async fn openings(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<OpenedGate>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select g.gate, g.ticket_type_id, y.name, g.opened_at, u.name as "by?"
        from gate_openings g
        join ticket_types y on y.id = g.ticket_type_id
        left join users u on u.id = g.opened_by
        where g.organization_id = $1 and g.event_id = $2
        order by g.gate, y.position, y.number
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let openings = rows.into_iter().map(|row| OpenedGate {
        gate: row.gate,
        kind: TicketTypeId::new(row.ticket_type_id),
        kind_name: row.name,
        at: row.opened_at.to_jiff(),
        by: row.by,
    });
    Ok(openings.collect())
}

/// Whether there is a PIN, and the last message with who sent it.
pub(in crate::checkin) async fn said(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<(bool, Option<SentMessage>), Unexpected> {
    let row = sqlx::query!(
        r#"
        select s.pin_hash is not null as "has_pin!", s.message, s.message_at as "at: jiff_sqlx::Timestamp",
               u.name as "by?"
        from door_settings s
        left join users u on u.id = s.message_by
        where s.organization_id = $1 and s.event_id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok((false, None));
    };
    let message = row.message.zip(row.at).map(|(text, at)| SentMessage {
        text,
        at: at.to_jiff(),
        by: row.by,
    });
    Ok((row.has_pin, message))
}
