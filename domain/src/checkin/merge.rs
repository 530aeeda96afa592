//! Brings the logs of several devices together, in whatever order and however often they arrive.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{CheckInId, DeviceId, TicketId},
    planted::{Bug, planted},
    when::Timestamp,
};

/// One line in the log of a device. Lines are only ever added; an undo is a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ScanRecord {
    /// When, by the server's clock as far as the device knew it.
    pub at: Timestamp,
    /// Counts up on each device, for lines of the same instant.
    pub counter: u64,
    /// Whose log it is.
    pub device: DeviceId,
    /// Names the line for ever.
    pub id: CheckInId,
    /// The ticket.
    pub ticket: TicketId,
    /// Where, by name.
    pub gate: Option<String>,
    /// What happened.
    pub kind: ScanKind,
}

/// What a line of the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanKind {
    /// Somebody was let in.
    Admit,
    /// That did not happen after all.
    Undo { of: CheckInId },
}

/// What the logs say together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// At most as many per ticket as allowed, in the order of time.
    pub admissions: Vec<ScanRecord>,
    /// Admissions beyond that: two doors let the same ticket in. For the door lead, not for the guest.
    pub conflicts: Vec<ScanRecord>,
}

/// Merges logs. The result depends on the set of lines alone: neither their order nor repeats change it, so devices
/// may send whenever they have a network. `allowed` says how often a ticket admits.
pub fn merge(
    records: impl IntoIterator<Item = ScanRecord>,
    allowed: impl Fn(TicketId) -> u16,
) -> Merged {
    let mut lines: BTreeMap<CheckInId, ScanRecord> = BTreeMap::new();
    for record in records {
        // Two lines under one name are a fault of the device; the lesser one wins everywhere.
        lines
            .entry(record.id)
            .and_modify(|known| {
                if record < *known || planted(Bug::MergeByArrival) {
                    *known = record.clone();
                }
            })
            .or_insert(record);
    }
    let undone: BTreeSet<(CheckInId, TicketId)> = lines
        .values()
        .filter_map(|line| match line.kind {
            ScanKind::Undo { of } => Some((of, line.ticket)),
            ScanKind::Admit => None,
        })
        .collect();
    let mut admits: Vec<ScanRecord> = lines
        .into_values()
        .filter(|line| line.kind == ScanKind::Admit && !undone.contains(&(line.id, line.ticket)))
        .collect();
    // By time, then counter, then device and id: the order of the fields.
    admits.sort();
    let mut used: BTreeMap<TicketId, u16> = BTreeMap::new();
    let (admissions, mut conflicts): (_, Vec<_>) = admits.into_iter().partition(|line| {
        let times = used.entry(line.ticket).or_default();
        let fits = *times < allowed(line.ticket);
        *times = times.saturating_add(u16::from(fits));
        fits
    });
    if planted(Bug::ConflictDropped) {
        conflicts.clear();
    }
    Merged {
        admissions,
        conflicts,
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use uuid::Uuid;

    use super::*;

    fn record(id: u128, ticket: u128, device: u128, second: i64, kind: ScanKind) -> ScanRecord {
        ScanRecord {
            at: Timestamp::from_second(second).unwrap(),
            counter: 0,
            device: DeviceId::new(Uuid::from_u128(device)),
            id: CheckInId::new(Uuid::from_u128(id)),
            ticket: TicketId::new(Uuid::from_u128(ticket)),
            gate: None,
            kind,
        }
    }

    fn undo(of: u128) -> ScanKind {
        ScanKind::Undo {
            of: CheckInId::new(Uuid::from_u128(of)),
        }
    }

    fn once(_: TicketId) -> u16 {
        1
    }

    fn ids(records: &[ScanRecord]) -> Vec<u128> {
        records
            .iter()
            .map(|record| record.id.get().as_u128())
            .collect()
    }

    #[test]
    fn the_first_door_wins() {
        let merged = merge(
            [
                record(1, 9, 1, 20, ScanKind::Admit),
                record(2, 9, 2, 10, ScanKind::Admit),
            ],
            once,
        );
        assert_eq!(
            (ids(&merged.admissions), ids(&merged.conflicts)),
            (vec![2], vec![1])
        );
    }

    #[test]
    fn an_undo_makes_room() {
        let log = [
            record(1, 9, 1, 10, ScanKind::Admit),
            record(2, 9, 1, 20, undo(1)),
            record(3, 9, 1, 30, ScanKind::Admit),
        ];
        let merged = merge(log, once);
        assert_eq!(
            (ids(&merged.admissions), ids(&merged.conflicts)),
            (vec![3], vec![])
        );
    }

    #[test]
    fn an_undo_of_another_ticket_does_nothing() {
        let merged = merge(
            [
                record(1, 9, 1, 10, ScanKind::Admit),
                record(2, 8, 1, 20, undo(1)),
            ],
            once,
        );
        assert_eq!(ids(&merged.admissions), [1]);
    }

    fn records() -> impl Strategy<Value = Vec<ScanRecord>> {
        // Few ids, tickets and instants, so that everything collides.
        let kind = prop_oneof![3 => Just(ScanKind::Admit), 1 => (0..12_u128).prop_map(undo)];
        vec((0..12_u128, 0..3_u128, 0..3_u128, 0..4_i64, kind), 0..24).prop_map(|lines| {
            let line =
                |(id, ticket, device, second, kind)| record(id, ticket, device, second, kind);
            lines.into_iter().map(line).collect()
        })
    }

    proptest! {
        #[test]
        fn order_and_repeats_change_nothing(
            (log, shuffled) in records().prop_flat_map(|log| (Just(log.clone()), Just(log).prop_shuffle())),
            more in records(),
        ) {
            let merged = merge(log.clone(), once);
            prop_assert_eq!(&merged, &merge(shuffled, once));
            prop_assert_eq!(&merged, &merge(log.iter().chain(&log).cloned(), once));
            let one_way = merge(log.iter().chain(&more).cloned(), once);
            let other_way = merge(more.iter().chain(&log).cloned(), once);
            prop_assert_eq!(one_way, other_way);
        }

        #[test]
        fn never_more_than_allowed_and_nothing_lost(log in records(), allowed in 0..4_u16) {
            let merged = merge(log.clone(), |_| allowed);
            let mut times: BTreeMap<TicketId, u16> = BTreeMap::new();
            for line in &merged.admissions {
                *times.entry(line.ticket).or_default() += 1;
            }
            prop_assert!(times.values().all(|times| *times <= allowed));
            let without_limit = merge(log, |_| u16::MAX).admissions.len();
            prop_assert_eq!(merged.admissions.len() + merged.conflicts.len(), without_limit);
            for line in merged.conflicts {
                prop_assert_eq!(times.get(&line.ticket).copied().unwrap_or_default(), allowed);
            }
        }
    }
}
