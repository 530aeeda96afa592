//! Moves the lines: draws the order where a sale has begun, and lets in as many as the pace allows.

use domain::waiting_room::{PAID_WITHIN, Turn};
use jiff::SignedDuration;

use super::queries::{self, DueRoom, Turned};
use crate::{Services, Unexpected, db::Scope};

/// Several processes may try; who comes too soon finds nothing to do.
const EVERY: SignedDuration = SignedDuration::from_millis(900);
/// Holds younger than this may still be being written.
const SETTLED: SignedDuration = SignedDuration::from_secs(1);

/// One turn of all rooms in which somebody waits. How many lines moved.
pub async fn turn(sv: &Services) -> Result<usize, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let due = queries::lock_due(&mut tx, now, now - EVERY, (SETTLED, PAID_WITHIN)).await?;
    if due.is_empty() {
        tx.commit().await?;
        return Ok(0);
    }
    let mut turned = Vec::with_capacity(due.len());
    for room in due {
        let (admitted, pace) = room.pace.turn(Turn {
            seconds: now.duration_since(room.turned_at).as_secs_f64(),
            held: room.held,
            due: room.due,
            paid: room.paid,
            left: room.left,
            waiting: room.arrived - room.serving,
        });
        turned.push(Turned {
            room: room.id,
            serving: room.serving + admitted,
            pace,
            seed: seed(sv, &room)?,
        });
    }
    queries::save_turns(&mut tx, now, &turned).await?;
    tx.commit().await?;
    Ok(turned.len())
}

/// The seed to be shown, where the order is not drawn yet.
fn seed(sv: &Services, room: &DueRoom) -> Result<Option<Vec<u8>>, Unexpected> {
    if room.is_drawn {
        return Ok(None);
    }
    let place = super::switch::seed_place(room.id);
    sv.seal.open(&place, &room.sealed).map(Some)
}
