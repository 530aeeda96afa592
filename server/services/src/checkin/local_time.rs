//! A time as it is typed at a venue.

use domain::{ids::EventId, text::FieldErrors, when::Timestamp};

use super::{pair::PairingRefused, queries};
use crate::{
    Services,
    events::optional_time,
    permit::{ManageDevices, Permit},
};

/// What was typed in `field`, on the clocks of the event; nothing when nothing was.
pub async fn local_time(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    field: &'static str,
    typed: &str,
) -> Result<Option<Timestamp>, PairingRefused> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = queries::event(&mut tx, permit.organization(), event)
        .await?
        .ok_or(PairingRefused::NotFound)?;
    tx.commit().await?;
    optional_time(typed, &about.time_zone)
        .map_err(|fault| PairingRefused::Invalid(FieldErrors::one(field, fault)))
}
