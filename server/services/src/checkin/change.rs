//! What all changes to an event's doors have in common.

use domain::{
    door::DoorEvent,
    ids::{EventId, OrganizationId},
    text::FieldErrors,
};

use super::queries;
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    permit::{ManageDevices, Permit},
};

/// Why something about a door could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("no such thing at this door")]
    NotFound,
    /// More than anybody could keep in mind at a door.
    #[error("there are too many already")]
    TooMany,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<sqlx::Error> for DoorError {
    fn from(e: sqlx::Error) -> Self {
        Self::Unexpected(e.into())
    }
}

/// The event, locked: changes to its doors come one after the other.
pub(super) async fn locked(
    tx: &mut Tx,
    permit: &Permit<ManageDevices>,
    event: EventId,
) -> Result<DoorEvent, DoorError> {
    let organization: OrganizationId = permit.organization();
    sqlx::query_scalar!(
        "select id from events where organization_id = $1 and id = $2 for no key update",
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    .filter(|_| permit.covers(event))
    .ok_or(DoorError::NotFound)?;
    queries::event(tx, organization, event)
        .await?
        .ok_or(DoorError::NotFound)
}

/// Who did what at the door of which event.
pub(super) async fn record(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManageDevices>,
    event: &DoorEvent,
    action: &'static str,
    after: Option<serde_json::Value>,
) -> Result<(), Unexpected> {
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action,
        subject_kind: "event",
        subject: event.title.clone(),
        reason: "",
        before: None,
        after,
    };
    audit::append(sv, tx, entry).await
}
