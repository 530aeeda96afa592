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
use jiff::SignedDuration;
use moka::sync::Cache;

use super::queries::{self, Figures};
use crate::{Unexpected, db::Tx};

/// What another server process took in is missing for so long.
const FRESH: Duration = Duration::from_secs(1);
const MOST_EVENTS: u64 = 1_000;

/// Everybody who watches an event's doors shares one look at all its scans for so long.
const WATCHED: SignedDuration = SignedDuration::from_secs(3);

/// When somebody last looked, and what they saw.
type Look = (Timestamp, Arc<Vec<Figures>>);

/// The last counts of this process.
pub struct Counts {
    counters: Cache<EventId, Arc<Mutex<Counters>>>,
    figures: Cache<EventId, Look>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            counters: Cache::builder()
                .max_capacity(MOST_EVENTS)
                .time_to_live(FRESH)
                .build(),
            figures: Cache::builder().max_capacity(MOST_EVENTS).build(),
        }
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
        if let Some(known) = self.counters.get(&event) {
            let mut counters = known.lock().unwrap_or_else(PoisonError::into_inner);
            let inside = i64::from(counters.inside).saturating_add(more);
            counters.inside = u32::try_from(inside.max(0)).unwrap_or(u32::MAX);
            return Ok(*counters);
        }
        let counters = queries::counters(tx, organization, event, now).await?;
        self.counters.insert(event, Arc::new(Mutex::new(counters)));
        Ok(counters)
    }

    /// Something was taken back: count anew.
    pub(super) fn forget(&self, event: EventId) {
        self.counters.invalidate(&event);
    }

    /// What devices did at gates, for those who watch them.
    pub(super) async fn figures(
        &self,
        tx: &mut Tx,
        (organization, event): (OrganizationId, EventId),
        now: Timestamp,
    ) -> Result<Arc<Vec<Figures>>, Unexpected> {
        if let Some((at, figures)) = self.figures.get(&event)
            && at < now
            && now.duration_since(at) < WATCHED
        {
            return Ok(figures);
        }
        let figures = Arc::new(queries::figures(tx, organization, event, now).await?);
        self.figures.insert(event, (now, Arc::clone(&figures)));
        Ok(figures)
    }
}
