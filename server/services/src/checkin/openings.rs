//! A gate is opened by hand for tickets that belong elsewhere, because the queue there is too long; and closed again.

use domain::{
    ids::{EventId, TicketTypeId},
    text::{Fault, FieldErrors, line},
};

use super::change::{DoorError, locked, record};
use crate::{
    Services,
    permit::{ManageDevices, Permit},
    rows::at,
};

/// As many as can be overlooked.
const MOST: i64 = 100;

/// Scanners at the gate admit such tickets from their next news on. Opening what is open changes nothing.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn open_gate(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    gate: &str,
    kind: &str,
) -> Result<(), DoorError> {
    let mut errors = FieldErrors::new();
    let gate = errors.field("gate", line(gate, 1, 40));
    let kind: Option<TicketTypeId> = errors.field(
        "kind",
        kind.trim().parse().map_err(|_| Fault::UnknownChoice),
    );
    errors.finish()?;
    let (Some(gate), Some(kind)) = (gate, kind) else {
        return Err(DoorError::NotFound);
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = locked(&mut tx, permit, event).await?;
    let there = sqlx::query!(
        r#"
        select (select count(*) from gate_openings where organization_id = $1 and event_id = $2) as "number!",
               (select name from ticket_types where organization_id = $1 and event_id = $2 and id = $3) as kind
        "#,
        permit.organization().get(),
        event.get(),
        kind.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    let name = there
        .kind
        .ok_or_else(|| FieldErrors::one("kind", Fault::UnknownChoice))?;
    if there.number >= MOST {
        return Err(DoorError::TooMany);
    }
    let opened = sqlx::query!(
        r#"
        insert into gate_openings (event_id, gate, ticket_type_id, organization_id, opened_at, opened_by)
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing
        "#,
        event.get(),
        gate,
        kind.get(),
        permit.organization().get(),
        at(sv.now()) as _,
        permit.actor().map(domain::ids::UserId::get)
    )
    .execute(&mut *tx)
    .await?;
    if opened.rows_affected() == 1 {
        let told = serde_json::json!({ "gate": gate, "kind": name });
        record(sv, &mut tx, permit, &about, "door.open_gate", Some(told)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Scanners at the gate send such tickets away again.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn close_gate(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    gate: &str,
    kind: TicketTypeId,
) -> Result<(), DoorError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = locked(&mut tx, permit, event).await?;
    let closed = sqlx::query!(
        "delete from gate_openings where organization_id = $1 and event_id = $2 and gate = $3 and ticket_type_id = $4",
        permit.organization().get(),
        event.get(),
        gate,
        kind.get()
    )
    .execute(&mut *tx)
    .await?;
    if closed.rows_affected() == 1 {
        let told = serde_json::json!({ "gate": gate });
        record(sv, &mut tx, permit, &about, "door.close_gate", Some(told)).await?;
    }
    tx.commit().await?;
    Ok(())
}
