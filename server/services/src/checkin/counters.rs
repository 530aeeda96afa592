//! How full the house is.

use domain::{door::Counters, ids::EventId};

use super::queries;
use crate::{
    Services, Unexpected,
    permit::{CheckIn, Permit},
};

/// Tickets that admit, and people inside. An event of another organization counts nothing.
pub async fn counters(
    sv: &Services,
    permit: &Permit<CheckIn>,
    event: EventId,
) -> Result<Counters, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let counters = queries::counters(&mut tx, permit.organization(), event, sv.now()).await?;
    tx.commit().await?;
    Ok(counters)
}
