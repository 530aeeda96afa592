//! A time as it is typed at a venue.

use domain::{ids::EventId, text::FieldErrors, when::Timestamp};

use super::{
    pair::{PairingRefused, gate_name},
    queries,
};
use crate::{
    Services,
    events::optional_time,
    permit::{ManageDevices, Permit},
};

/// Until when a scanner is to work, as it was typed on the clocks of the event; nothing when nothing was. With a fault of
/// it come those of the rest of its form, so that all are told at once.
pub async fn local_time(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    gate: &str,
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
    optional_time(typed, &about.time_zone).map_err(|fault| {
        let mut fields = FieldErrors::one("works_until", fault);
        fields.field("gate", gate_name(gate));
        PairingRefused::Invalid(fields)
    })
}
