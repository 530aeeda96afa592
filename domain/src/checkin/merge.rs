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
    merge_with_removed(records, uses, |_| None)
}

/// [`merge`] where lists may have been removed; `removed` says since when. Whoever came in on one came in by its rules, and
/// nobody else's entry is touched by that it is gone; from then on what happened on it counts against every list.
pub fn merge_with_removed(
    records: impl IntoIterator<Item = ScanRecord>,
    uses: impl Fn(TicketId, Option<CheckInListId>) -> Uses,
    removed: impl Fn(CheckInListId) -> Option<Timestamp>,
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
    let mut there = There::new();
    for line in standing {
        let gone = |list: Option<CheckInListId>| {
            list != line.list
                && list.is_none_or(|list| removed(list).is_some_and(|since| since <= line.at))
        };
        match line.kind {
            ScanKind::Admit | ScanKind::Force => {
                // Entries from before there were lists count on each, and so do those on lists that were gone by then.
                let before = of_ticket(&mut there, line.ticket)
                    .filter(|(list, _)| gone(*list))
                    .fold(Presence::default(), |all, (_, here)| all.with(*here));
                let presence = there.entry((line.ticket, line.list)).or_default();
                let uses = uses(line.ticket, line.list);
                if line.kind == ScanKind::Admit && !presence.with(before).may_enter(uses) {
                    merged.conflicts.push(line);
                } else {
                    presence.enter();
                    merged.admissions.push(line);
                }
            }
            ScanKind::Exit => {
                // Devices know what happened on lists that are gone as what happened on none.
                let left = of_ticket(&mut there, line.ticket)
                    .filter(|(list, _)| *list == line.list || line.list.is_none() && gone(*list))
                    .any(|(_, here)| here.leave());
                match left {
                    true => merged.exits.push(line),
                    false => merged.idle_exits.push(line),
                }
            }
            ScanKind::Undo { .. } => {}
        }
    }
    if planted(Bug::ConflictDropped) {
        merged.conflicts.clear();
    }
    merged
}

type There = BTreeMap<(TicketId, Option<CheckInListId>), Presence>;

/// What has happened with a ticket on each list, and first of all on none.
fn of_ticket(
    there: &mut There,
    ticket: TicketId,
) -> impl Iterator<Item = (Option<CheckInListId>, &mut Presence)> {
    there
        .range_mut((ticket, None)..)
        .take_while(move |((whose, _), _)| *whose == ticket)
        .map(|((_, list), presence)| (*list, presence))
}

#[cfg(test)]
mod tests;
