//! The list a scanner carries: first all of it in pages, then what changed.

use std::collections::BTreeMap;

use domain::{
    door::{Health, RosterPage},
    ids::TicketId,
    when::{Timestamp, shift},
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    Device,
    device::load_door,
    queries::{self, Heard},
};
use crate::{Services, Unexpected};

const PAGE: i64 = 5000;
/// A change is stamped before it commits. Asking again for the last moments costs little and misses nothing, since no
/// transaction lives this long.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);

#[derive(Debug, thiserror::Error)]
pub enum RosterRefused {
    #[error("not a cursor of ours")]
    BadCursor,
    /// The event is over and so is the time the scanner was given.
    #[error("the lease is over")]
    LeaseOver,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Where a scanner stands in the list. A round lists what changed since `since` in the order of ticket ids; the next
/// round starts from when this one began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    since: Timestamp,
    began: Option<Timestamp>,
    after: TicketId,
}

impl Cursor {
    const START: Self = Self {
        since: Timestamp::UNIX_EPOCH,
        began: None,
        after: TicketId::new(Uuid::nil()),
    };

    fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::START);
        }
        let mut parts = text.split('.');
        let (since, began, after) = (parts.next()?, parts.next()?, parts.next()?);
        let began: i64 = began.parse().ok()?;
        let cursor = Self {
            since: Timestamp::from_microsecond(since.parse().ok()?).ok()?,
            began: if began == 0 {
                None
            } else {
                Some(Timestamp::from_microsecond(began).ok()?)
            },
            after: after.parse().ok()?,
        };
        parts.next().is_none().then_some(cursor)
    }

    fn text(self) -> String {
        let began = self.began.map_or(0, Timestamp::as_microsecond);
        format!(
            "{}.{}.{}",
            self.since.as_microsecond(),
            began,
            self.after.get().simple()
        )
    }
}

/// The next part of the list for this device, which says how it is doing. Renews its lease.
#[tracing::instrument(skip_all, fields(device.id = %device.id()))]
pub async fn roster(
    sv: &Services,
    device: &Device,
    cursor: &str,
    health: Health,
) -> Result<RosterPage, RosterRefused> {
    let cursor = Cursor::parse(cursor).ok_or(RosterRefused::BadCursor)?;
    let now = sv.now();
    let began = cursor.began.unwrap_or(now);
    let mut tx = sv.db.begin(device.scope()).await?;
    let mut door = load_door(sv, &mut tx, device).await?;
    let lease_until = device.renewed(door.event.ends_at, now);
    if lease_until <= now {
        return Err(RosterRefused::LeaseOver);
    }
    let heard = Heard {
        lease_until,
        pending: health
            .pending
            .map(|pending| i32::try_from(pending).unwrap_or(i32::MAX)),
        battery: health.battery.map(|percent| i16::from(percent.min(100))),
        version: health.version.map(|version| {
            let plain = version.chars().filter(char::is_ascii_graphic);
            plain.take(40).collect()
        }),
    };
    let heard = BTreeMap::from([(device.id, heard)]);
    queries::touch_devices(&mut tx, device.organization, now, &heard).await?;
    door.lease_until = lease_until;
    let rows = if cursor.since == Cursor::START.since {
        queries::entries(&mut tx, device, cursor.after, PAGE).await?
    } else {
        queries::changed_entries(
            &mut tx,
            device,
            shift(cursor.since, -OVERLAP),
            cursor.after,
            PAGE,
        )
        .await?
    };
    let full = i64::try_from(rows.len()).is_ok_and(|n| n >= PAGE);
    let tickets: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut admitted = queries::admissions(&mut tx, device.organization, &tickets).await?;
    let entries = rows
        .into_iter()
        .map(|row| {
            let its = admitted.remove(&TicketId::new(row.id));
            row.entry(device.names, its.unwrap_or_default())
        })
        .collect::<Result<Vec<_>, _>>()?;
    let next = match entries.last() {
        Some(last) if full => Cursor {
            began: Some(began),
            after: last.ticket,
            ..cursor
        },
        _ => Cursor {
            since: began,
            ..Cursor::START
        },
    };
    let page = RosterPage {
        keys: queries::key_ring(&mut tx, device.organization).await?,
        types: queries::types(&mut tx, device.organization, device.event).await?,
        counters: sv
            .counts
            .after(&mut tx, (device.organization, device.event), now, 0)
            .await?,
        entries,
        cursor: next.text(),
        more: full,
        door,
    };
    tx.commit().await?;
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_and_nonsense_does_not() {
        let at = Timestamp::from_microsecond(1_700_000_000_123_456).unwrap();
        for cursor in [
            Cursor::START,
            Cursor {
                since: at,
                began: Some(at),
                after: TicketId::new(Uuid::from_u128(7)),
            },
            Cursor {
                since: at,
                ..Cursor::START
            },
        ] {
            assert_eq!(Cursor::parse(&cursor.text()), Some(cursor));
        }
        assert_eq!(Cursor::parse(""), Some(Cursor::START));
        for nonsense in [
            "x",
            "1.2",
            "1.2.x",
            "1.2.00000000000000000000000000000000.4",
            "9999999999999999999.0.0",
        ] {
            assert_eq!(Cursor::parse(nonsense), None, "{nonsense}");
        }
    }
}
