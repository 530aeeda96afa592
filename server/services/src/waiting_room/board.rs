//! What everybody in a room sees. Read once a second, however many look.

use std::{sync::Arc, time::Duration};

use domain::{
    catalog::{Phase, phase},
    ids::EventId,
    waiting_room::Board,
    when::Timestamp,
};
use moka::future::Cache;
use uuid::Uuid;

use super::{number, queries};
use crate::{Services, Unexpected, db::Scope, files::hex};

const FRESH: Duration = Duration::from_secs(1);
const MOST_ROOMS: u64 = 1_000;

/// A room and the event behind it.
#[derive(Debug, Clone)]
pub struct Room {
    pub(super) id: Uuid,
    pub event: EventId,
    pub slug: String,
    pub title: String,
    pub time_zone: String,
    pub phase: Phase,
    pub board: Board,
}

impl Room {
    /// The number that somebody was given by this room.
    pub fn number(&self, sv: &Services, shown: &str) -> Option<u64> {
        number::read(sv, self.id, shown)
    }

    /// Whether one can come in now. Once the order is drawn there is no before.
    pub fn takes(&self, now: Timestamp) -> bool {
        self.board.drawn.is_some() || self.board.room_opens().is_none_or(|opens| opens <= now)
    }

    /// Whether there is anything to wait for.
    pub fn is_over(&self) -> bool {
        is_over(self.phase)
    }
}

fn is_over(phase: Phase) -> bool {
    match phase {
        Phase::Upcoming | Phase::Running => false,
        Phase::Draft | Phase::Ended | Phase::Postponed | Phase::Cancelled => true,
    }
}

/// The rooms of this process.
pub struct Rooms(Cache<String, Option<Arc<Room>>>);

impl Default for Rooms {
    fn default() -> Self {
        Self::read_every(FRESH)
    }
}

impl Rooms {
    /// Boards older than this are read again.
    pub fn read_every(fresh: Duration) -> Self {
        Self(
            Cache::builder()
                .max_capacity(MOST_ROOMS)
                .time_to_live(fresh)
                .build(),
        )
    }

    /// Something was changed here: read anew.
    pub(super) async fn forget(&self, slug: &str) {
        self.0.invalidate(slug).await;
    }
}

/// The room of the event at this address; `None` where there was never one, or visitors do not see the event.
pub async fn board(sv: &Services, slug: &str) -> Result<Option<Arc<Room>>, Unexpected> {
    sv.rooms
        .0
        .try_get_with_by_ref(slug, read(sv, slug))
        .await
        .map_err(|e| match e.retry_after {
            Some(seconds) => Unexpected::busy(seconds),
            None => Unexpected::new("waiting room", e.to_string()),
        })
}

/// Whether [`board`] answers without asking the database.
pub fn board_is_kept(sv: &Services, slug: &str) -> bool {
    sv.rooms.0.contains_key(slug)
}

async fn read(sv: &Services, slug: &str) -> Result<Option<Arc<Room>>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = queries::room(&mut tx, slug, now).await?;
    tx.commit().await?;
    Ok(row
        .filter(|row| !row.organizer_suspended)
        .map(|row| Arc::new(room(row, now)))
        .filter(|room| room.phase != Phase::Draft))
}

fn room(row: queries::RoomRow, now: Timestamp) -> Room {
    let phase = phase(row.state, row.starts_at, row.ends_at, now);
    let over = is_over(phase);
    Room {
        id: row.id,
        event: row.event,
        slug: row.slug,
        title: row.title,
        time_zone: row.time_zone,
        phase,
        board: Board {
            // Whoever waits for what is over looks at the page again, which says so.
            on: row.on && !over,
            sale_opens: row.sale_opens.filter(|opens| *opens > now),
            arrived: row.arrived,
            commitment: hex(&row.commitment),
            drawn: row.drawn.map(|(seed, early)| (hex(&seed), early)),
            serving: row.serving,
            per_second: row.pace.admitted_per_second,
            left: row.left,
            unsold: row.unsold,
        },
    }
}
