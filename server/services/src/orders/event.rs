//! The event whose orders or attendees are looked at.

use domain::ids::EventId;

use crate::{
    Services, Unexpected,
    checkout::{EventSummary, summary},
    permit::{Act, Permit},
};

/// One event of the permit's organization, for whoever may see anything of it; `None` when it belongs to another.
pub async fn event<A: Act>(
    sv: &Services,
    permit: &Permit<A>,
    id: EventId,
) -> Result<Option<EventSummary>, Unexpected> {
    if !permit.covers(id) {
        return Ok(None);
    }
    let mut tx = sv.db.begin(permit.scope()).await?;
    let found = summary(&mut tx, permit.organization(), id).await?;
    tx.commit().await?;
    Ok(found)
}
