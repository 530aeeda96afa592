//! The organizer says whether tickets of an event may change hands.

use domain::{ids::EventId, text::FieldErrors};

use crate::{
    Services, Unexpected,
    events::{EventError, lock_open, whole_number},
    permit::{ManageEvents, Permit},
    rows::at,
};

#[derive(Debug, Clone, Default)]
pub struct PassingInput {
    pub allowed: bool,
    pub hours_before: String,
    pub most: String,
}

/// Holds from now on, also for tickets that are sold already.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_passing_policy(
    sv: &Services,
    permit: &Permit<ManageEvents>,
    event: EventId,
    cmd: &PassingInput,
) -> Result<(), EventError> {
    let mut errors = FieldErrors::new();
    let hours = errors.field("hours_before", whole_number(&cmd.hours_before, 0, 8760));
    let most = errors.field("most", whole_number(&cmd.most, 1, 10));
    errors.finish()?;
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, permit.organization(), event).await?;
    sqlx::query!(
        r#"
        update events set passing_allowed = $3, passing_hours_before = $4, passing_most = $5, updated_at = $6
        where organization_id = $1 and id = $2
        "#,
        permit.organization().get(),
        event.get(),
        cmd.allowed,
        small(hours),
        small(most),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    Ok(())
}

fn small(number: Option<i64>) -> i16 {
    number.and_then(|n| i16::try_from(n).ok()).unwrap_or(1)
}
