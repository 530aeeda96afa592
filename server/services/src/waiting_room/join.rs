//! Comes into a room: gives out the next number.

use std::{net::IpAddr, sync::Arc};

use domain::when::Timestamp;
use uuid::Uuid;

use super::{Room, addresses, board, number, queries};
use crate::{Services, Unexpected, batcher::Merge, db::Scope};

#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    #[error("no such event")]
    NotFound,
    /// There is nothing to wait for: everybody may buy, or nobody can any more.
    #[error("no room is open")]
    NotOpen,
    #[error("the room opens later")]
    TooEarly { opens: Timestamp },
    /// Many came from this address already.
    #[error("asked too often")]
    TooMany { retry_after: u32 },
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Gives a number of the room to whoever asks. Whoever has one keeps it.
#[tracing::instrument(skip_all)]
pub async fn join(
    sv: &Services,
    slug: &str,
    known: Option<&str>,
    address: Option<IpAddr>,
) -> Result<(Arc<Room>, String), JoinError> {
    let room = board(sv, slug).await?.ok_or(JoinError::NotFound)?;
    if !room.board.on || room.is_over() {
        return Err(JoinError::NotOpen);
    }
    if let Some(known) = known.filter(|known| room.number(sv, known).is_some()) {
        return Ok((room, known.to_owned()));
    }
    if !room.takes(sv.now()) {
        let opens = room.board.room_opens().unwrap_or(sv.now());
        return Err(JoinError::TooEarly { opens });
    }
    addresses::count(sv, room.id, address)
        .map_err(|retry_after| JoinError::TooMany { retry_after })?;
    let number = sv.queues.joins.submit(sv, room.id, ()).await?;
    // What is known of a room is up to a second old.
    let number = number.ok_or(JoinError::NotOpen)?;
    let text = number::write(sv, room.id, number);
    Ok((room, text))
}

/// All who come to one room at the same time, in one statement.
pub(crate) enum Joins {}

impl Merge for Joins {
    type Context = Services;
    type Key = Uuid;
    type Request = ();
    type Answer = Option<u64>;

    async fn serve(
        sv: &Services,
        room: &Uuid,
        arrivals: &[()],
    ) -> Result<Vec<Option<u64>>, Unexpected> {
        let count = u64::try_from(arrivals.len()).unwrap_or(u64::MAX);
        let mut tx = sv.db.begin_shared(Scope::System).await?;
        let last = queries::arrive(&mut tx, *room, count).await?;
        tx.commit().await?;
        Ok(match last {
            Some(last) => (last - count + 1..=last).map(Some).collect(),
            None => vec![None; arrivals.len()],
        })
    }
}
