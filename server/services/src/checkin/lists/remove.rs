//! A list is not asked any more.

use domain::ids::{CheckInListId, EventId};

use crate::{
    Services,
    checkin::change::{DoorError, locked, record},
    permit::{ManageDevices, Permit},
    rows::at,
};

/// Scanners do not ask it any more. What was scanned on it stays as it came in by its rules, and counts from now on as what
/// was scanned before there were lists: against every list, so that nobody comes in a second time because the lists were
/// made anew.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn remove_list(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    id: CheckInListId,
) -> Result<(), DoorError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = locked(&mut tx, permit, event).await?;
    let name = sqlx::query_scalar!(
        r#"
        update check_in_lists set removed_at = $4
        where organization_id = $1 and event_id = $2 and id = $3 and removed_at is null
        returning name
        "#,
        permit.organization().get(),
        event.get(),
        id.get(),
        at(sv.now()) as _
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(DoorError::NotFound)?;
    // The stamp is renewed, so that scanners hear of it.
    sqlx::query!(
        "update check_ins set recorded_at = $3 where organization_id = $1 and list_id = $2",
        permit.organization().get(),
        id.get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    let told = serde_json::json!({ "name": name });
    record(sv, &mut tx, permit, &about, "door.remove_list", Some(told)).await?;
    tx.commit().await?;
    Ok(())
}
