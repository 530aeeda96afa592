//! What the people at the door should know about an order.

use domain::{
    ids::OrderCode,
    text::{FieldErrors, line},
};

use super::queries;
use crate::{
    Services, Unexpected, audit,
    permit::{Permit, ResendTickets},
    rows::at,
};

#[derive(Debug, thiserror::Error)]
pub enum DoorNoteError {
    #[error("no such order")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Writes a note that scanners show with each ticket of the order; an empty one takes it away. Scanners hear of it with
/// their next news.
#[tracing::instrument(skip_all)]
pub async fn set_door_note(
    sv: &Services,
    permit: &Permit<ResendTickets>,
    code: OrderCode,
    note: &str,
) -> Result<(), DoorNoteError> {
    let mut errors = FieldErrors::new();
    let note = errors.field("note", line(note, 0, 140));
    errors.finish()?;
    let note = note.filter(|note| !note.is_empty());
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let id = queries::find_by_code(&mut tx, permit, code)
        .await?
        .ok_or(DoorNoteError::NotFound)?;
    sqlx::query!(
        "update orders set door_note = $3, door_note_at = $4 where organization_id = $1 and id = $2",
        organization.get(),
        id.get(),
        note,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    // What it says is about a person, and the record is for ever.
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(organization),
        action: "order.door_note",
        subject_kind: "order",
        subject: code.to_string(),
        reason: "",
        before: None,
        after: None,
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}
