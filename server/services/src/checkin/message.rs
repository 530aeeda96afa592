//! A word from whoever runs the doors to all scanners.

use domain::{
    ids::EventId,
    text::{FieldErrors, line},
};

use super::change::{DoorError, locked, record};
use crate::{
    Services,
    permit::{ManageDevices, Permit},
    rows::at,
};

/// Sends a message in the place of the one before; an empty one takes it away.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn send_message(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    message: &str,
) -> Result<(), DoorError> {
    let mut errors = FieldErrors::new();
    let message = errors.field("message", line(message, 0, 200));
    errors.finish()?;
    let message = message.filter(|message| !message.is_empty());
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = locked(&mut tx, permit, event).await?;
    sqlx::query!(
        r#"
        insert into door_settings as d (event_id, organization_id, message, message_at, message_by)
        values ($1, $2, $3, $4, $5)
        on conflict (event_id) do update
        set message = excluded.message, message_at = excluded.message_at, message_by = excluded.message_by
        where d.organization_id = $2
        "#,
        event.get(),
        permit.organization().get(),
        message.as_deref(),
        message.as_ref().map(|_| at(sv.now())) as _,
        permit.actor().filter(|_| message.is_some()).map(domain::ids::UserId::get)
    )
    .execute(&mut *tx)
    .await?;
    let action = match message {
        Some(_) => "door.message",
        None => "door.clear_message",
    };
    // Its words may be about a person; the record keeps what it keeps for ever.
    record(sv, &mut tx, permit, &about, action, None).await?;
    tx.commit().await?;
    Ok(())
}
