//! The organizer says whether orders of an event need their yes.

use domain::{
    ids::EventId,
    orders::{Asking, RequestPolicy},
    text::FieldErrors,
};

use crate::{
    Services, Unexpected,
    events::{EventError, lock_open, tell, whole_number},
    permit::{ManageEvents, Permit},
};

#[derive(Debug, Clone, Default)]
pub struct RequestInput {
    pub on: bool,
    /// The card is held meanwhile.
    pub hold: bool,
    pub hours: String,
}

/// Holds for orders that are placed from now on. What waits goes on as it was asked for.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_request_policy(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    cmd: &RequestInput,
) -> Result<(), EventError> {
    let asking = match (cmd.on, cmd.hold && sv.payments.can_hold()) {
        (false, _) => Asking::No,
        (true, false) => Asking::Ask,
        (true, true) => Asking::Hold,
    };
    let most = i64::from(RequestPolicy::most(asking));
    let hours = if cmd.on {
        let mut errors = FieldErrors::new();
        let hours = errors.field("hours", whole_number(&cmd.hours, 1, most));
        errors.finish()?;
        hours.and_then(|n| i16::try_from(n).ok())
    } else {
        None
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, permit.organization(), event).await?;
    sqlx::query!(
        r#"
        update events set asking = $3, asking_hours = coalesce($4, asking_hours)
        where organization_id = $1 and id = $2
        "#,
        permit.organization().get(),
        event.get(),
        asking.code(),
        hours
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tell(sv, &mut tx, permit.organization(), event, None).await?;
    tx.commit().await?;
    Ok(())
}
