//! Brings the logs of several devices together, in whatever order and however often they arrive.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Presence, Uses};
use crate::{
    ids::{CheckInId, CheckInListId, DeviceId, TicketId},
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
    /// On which list; nothing where the event has none.
    #[serde(default)]
    pub list: Option<CheckInListId>,
    /// What happened.
    pub kind: ScanKind,
}

/// What a line of the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanKind {
    /// Somebody was let in.
    Admit,
    /// A supervisor let somebody in whom the rule would have sent away. It counts as an entry and is never a conflict.
    Force,
    /// Somebody left.
    Exit,
    /// That did not happen after all.
    Undo { of: CheckInId },
}

/// What the logs say together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// The entries that count, in the order of time; as many per ticket as allowed, and what supervisors did.
    pub admissions: Vec<ScanRecord>,
    /// Admissions beyond that: two doors let the same ticket in. For the door lead, not for the guest.
    pub conflicts: Vec<ScanRecord>,
    /// Exits of somebody who was inside.
    pub exits: Vec<ScanRecord>,
    /// Exits of nobody: they change nothing.
    pub idle_exits: Vec<ScanRecord>,
}

/// Merges logs. The result depends on the set of lines alone: neither their order nor repeats change it, so devices
/// may send whenever they have a network. `uses` says how often a ticket admits on a list.
pub fn merge(
    records: impl IntoIterator<Item = ScanRecord>,
    uses: impl Fn(TicketId, Option<CheckInListId>) -> Uses,
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
            ScanKind::Admit | ScanKind::Force | ScanKind::Exit => None,
        })
        .collect();
    let mut standing: Vec<ScanRecord> = lines
        .into_values()
        .filter(|line| !undone.contains(&(line.id, line.ticket)))
        .collect();
    // By time, then counter, then device and id: the order of the fields.
    standing.sort();
    let mut merged = Merged::default();
    let mut there: BTreeMap<(TicketId, Option<CheckInListId>), Presence> = BTreeMap::new();
    for line in standing {
        // Entries from before there were lists count on each.
        let before = line.list.and_then(|_| there.get(&(line.ticket, None)));
        let before = before.copied().unwrap_or_default();
        let presence = there.entry((line.ticket, line.list)).or_default();
        match line.kind {
            ScanKind::Admit
                if !presence
                    .with(before)
                    .may_enter(uses(line.ticket, line.list)) =>
            {
                merged.conflicts.push(line);
            }
            ScanKind::Admit | ScanKind::Force => {
                presence.enter();
                merged.admissions.push(line);
            }
            ScanKind::Exit if presence.leave() => merged.exits.push(line),
            ScanKind::Exit => merged.idle_exits.push(line),
            ScanKind::Undo { .. } => {}
        }
    }
    if planted(Bug::ConflictDropped) {
        merged.conflicts.clear();
    }
    merged
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
            list: None,
            kind,
        }
    }

    fn undo(of: u128) -> ScanKind {
        ScanKind::Undo {
            of: CheckInId::new(Uuid::from_u128(of)),
        }
    }

    fn once(_: TicketId, _: Option<CheckInListId>) -> Uses {
        Uses::ONCE
    }

    fn back_again(_: TicketId, _: Option<CheckInListId>) -> Uses {
        Uses {
            times: 1,
            reentry: true,
        }
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

    #[test]
    fn who_left_comes_back_where_the_list_says_so() {
        let log = [
            record(1, 9, 1, 10, ScanKind::Admit),
            record(2, 9, 2, 20, ScanKind::Exit),
            record(3, 9, 1, 30, ScanKind::Admit),
            record(4, 9, 2, 40, ScanKind::Admit),
            record(5, 9, 2, 50, ScanKind::Exit),
            record(6, 9, 2, 60, ScanKind::Exit),
        ];
        let merged = merge(log.clone(), back_again);
        assert_eq!(ids(&merged.admissions), [1, 3]);
        assert_eq!(ids(&merged.conflicts), [4]);
        assert_eq!(
            (ids(&merged.exits), ids(&merged.idle_exits)),
            (vec![2, 5], vec![6])
        );
        let merged = merge(log, once);
        assert_eq!(
            (ids(&merged.admissions), ids(&merged.conflicts)),
            (vec![1], vec![3, 4])
        );
    }

    #[test]
    fn a_supervisor_is_never_a_conflict_but_counts() {
        let merged = merge(
            [
                record(1, 9, 1, 10, ScanKind::Force),
                record(2, 9, 2, 20, ScanKind::Admit),
                record(3, 9, 1, 30, ScanKind::Force),
            ],
            once,
        );
        assert_eq!(
            (ids(&merged.admissions), ids(&merged.conflicts)),
            (vec![1, 3], vec![2])
        );
    }

    #[test]
    fn entries_from_before_there_were_lists_count_on_each() {
        let list = Some(CheckInListId::new(Uuid::from_u128(1)));
        let merged = merge(
            [
                record(1, 9, 1, 10, ScanKind::Admit),
                ScanRecord {
                    list,
                    ..record(2, 9, 1, 20, ScanKind::Admit)
                },
            ],
            once,
        );
        assert_eq!(
            (ids(&merged.admissions), ids(&merged.conflicts)),
            (vec![1], vec![2])
        );
    }

    #[test]
    fn lists_count_apart() {
        let list = |number| Some(CheckInListId::new(Uuid::from_u128(number)));
        let on = |id, number| ScanRecord {
            list: list(number),
            ..record(id, 9, 1, 10, ScanKind::Admit)
        };
        let merged = merge([on(1, 1), on(2, 2), on(3, 2)], once);
        assert_eq!(
            (ids(&merged.admissions), ids(&merged.conflicts)),
            (vec![1, 2], vec![3])
        );
    }

    fn records() -> impl Strategy<Value = Vec<ScanRecord>> {
        // Few ids, tickets and instants, so that everything collides.
        let kind = prop_oneof![
            3 => Just(ScanKind::Admit),
            1 => Just(ScanKind::Force),
            1 => Just(ScanKind::Exit),
            1 => (0..12_u128).prop_map(undo),
        ];
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
        fn never_more_than_allowed_and_nothing_lost(log in records(), times in 1..4_u16, reentry: bool) {
            let merged = merge(log.clone(), |_, _| Uses { times, reentry });
            let mut there: BTreeMap<TicketId, (u32, u32)> = BTreeMap::new();
            let mut counted: Vec<_> = merged.admissions.iter().chain(&merged.exits).collect();
            counted.sort();
            for line in counted {
                let (used, inside) = there.entry(line.ticket).or_default();
                match line.kind {
                    ScanKind::Exit => *inside -= 1,
                    kind => {
                        let counts = if reentry { *inside } else { *used };
                        prop_assert!(kind == ScanKind::Force || counts < u32::from(times));
                        *used += 1;
                        *inside += 1;
                    }
                }
            }
            let all = |merged: &Merged| {
                let parts = [&merged.admissions, &merged.conflicts, &merged.exits, &merged.idle_exits];
                parts.into_iter().map(Vec::len).sum::<usize>()
            };
            let without_limit = merge(log, |_, _| Uses { times: u16::MAX, reentry: true });
            prop_assert!(without_limit.conflicts.is_empty());
            prop_assert_eq!(all(&merged), all(&without_limit));
        }
    }
}
