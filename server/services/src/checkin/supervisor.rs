//! What a supervisor types on a scanner to let somebody in all the same.

use domain::{
    door::Pin,
    ids::EventId,
    text::{Fault, FieldErrors},
};

use super::change::{DoorError, locked, record};
use crate::{
    Services,
    permit::{ManageDevices, Permit},
};

/// Sets a PIN in the place of the one before. Only what is made of it is kept: nobody is shown it again.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_pin(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    pin: &str,
) -> Result<(), DoorError> {
    let mut errors = FieldErrors::new();
    let typed = if pin.trim().is_empty() {
        Err(Fault::Required)
    } else {
        Pin::new(pin, sv.new_secret())
    };
    let pin = errors.field("pin", typed);
    errors.finish()?;
    write(sv, permit, event, pin, "door.set_pin").await
}

/// Nobody is let in against the rule any more.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn remove_pin(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
) -> Result<(), DoorError> {
    write(sv, permit, event, None, "door.remove_pin").await
}

async fn write(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    pin: Option<Pin>,
    action: &'static str,
) -> Result<(), DoorError> {
    let (salt, hash) = pin.map(|pin| (pin.salt, pin.hash)).unzip();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = locked(&mut tx, permit, event).await?;
    sqlx::query!(
        r#"
        insert into door_settings as d (event_id, organization_id, pin_salt, pin_hash)
        values ($1, $2, $3, $4)
        on conflict (event_id) do update set pin_salt = excluded.pin_salt, pin_hash = excluded.pin_hash
        where d.organization_id = $2
        "#,
        event.get(),
        permit.organization().get(),
        salt,
        hash
    )
    .execute(&mut *tx)
    .await?;
    record(sv, &mut tx, permit, &about, action, None).await?;
    tx.commit().await?;
    Ok(())
}
