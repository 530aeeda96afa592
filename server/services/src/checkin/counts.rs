//! How full the houses are, counted once a second while scanners report, however many do.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    door::Counters,
    ids::{EventId, OrganizationId},
    when::Timestamp,
};
use moka::sync::Cache;

use super::queries;
use crate::{Unexpected, db::Tx};

/// What another server process took in is missing for so long.
const FRESH: Duration = Duration::from_secs(1);
const MOST_EVENTS: u64 = 1_000;

/// The last counts of this process.
pub struct Counts(Cache<EventId, Arc<Mutex<Counters>>>);

impl Default for Counts {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST_EVENTS)
                .time_to_live(FRESH)
                .build(),
        )
    }
}

impl Counts {
    /// The counters after so many more came in than left, within the transaction that let them in.
    pub(super) async fn after(
        &self,
        tx: &mut Tx,
        (organization, event): (OrganizationId, EventId),
        now: Timestamp,
        more: i64,
    ) -> Result<Counters, Unexpected> {
        if let Some(known) = self.0.get(&event) {
            let mut counters = known.lock().unwrap_or_else(PoisonError::into_inner);
            let inside = i64::from(counters.inside).saturating_add(more);
            counters.inside = u32::try_from(inside.max(0)).unwrap_or(u32::MAX);
            return Ok(*counters);
        }
        let counters = queries::counters(tx, organization, event, now).await?;
        self.0.insert(event, Arc::new(Mutex::new(counters)));
        Ok(counters)
    }

    /// Something was taken back: count anew.
    pub(super) fn forget(&self, event: EventId) {
        self.0.invalidate(&event);
    }
}
