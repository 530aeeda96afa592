//! Doors and the server tell each other: what was decided, in any order and as often as it is sent, and what all know.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    database::Crash,
    rows::{Outcome, Scan, Write},
    world::World,
};
use crate::{
    checkin::{Admission, RosterEntry, ScanKind, ScanRecord, Standing, Uses, merge},
    tickets::TicketState,
};

/// How many lines a door sends at once.
const BATCH: usize = 6;

impl World {
    /// Sends some lines of a door's log: what is new, now and then something old once more, in no order.
    pub(super) fn send(&mut self, door: usize) -> Result<(), Crash> {
        let log = &self.doors[door].log;
        let mut lines: Vec<usize> = (0..log.len())
            .filter(|line| !log[*line].sent)
            .take(BATCH)
            .collect();
        lines.extend(self.chance.index(log.len()));
        self.chance.shuffle(&mut lines);
        self.record(door, &lines)?;
        for line in lines {
            self.doors[door].log[line].sent = true;
        }
        Ok(())
    }

    fn record(&mut self, door: usize, lines: &[usize]) -> Result<(), Crash> {
        let mut tx = self.begin();
        let mut fresh: BTreeMap<usize, Vec<Scan>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for line in lines.iter().map(|line| &self.doors[door].log[*line]) {
            let record = line.record.clone();
            if self.db.scans.contains_key(&record.id) || !seen.insert(record.id) {
                continue;
            }
            let outcome = match (record.kind, self.db.tickets[line.ticket].state) {
                (ScanKind::Undo { .. }, _) => Outcome::Undone,
                // Until it is settled below it claims nothing.
                (ScanKind::Admit | ScanKind::Force | ScanKind::Exit, TicketState::Valid) => {
                    Outcome::Conflict
                }
                (
                    ScanKind::Admit | ScanKind::Force | ScanKind::Exit,
                    TicketState::Cancelled | TicketState::Replaced,
                ) => Outcome::LateRevoked,
            };
            fresh.entry(line.ticket).or_default().push(Scan {
                record,
                ticket: line.ticket,
                outcome,
            });
        }
        for (number, scans) in fresh {
            let mut ticket = self.db.tickets[number].clone();
            let known = ticket.scans.iter().map(|scan| self.db.scans[scan].clone());
            let all: Vec<Scan> = known.chain(scans).collect();
            ticket.scans = all.iter().map(|scan| scan.record.id).collect();
            for scan in settled(all) {
                tx.put(Write::Scan(scan))?;
            }
            tx.put(Write::Ticket(number, ticket))?;
        }
        self.commit(tx)
    }

    /// The door hears what all doors know, and the server's clock.
    pub(super) fn load(&mut self, door: usize) {
        let at_door = &mut self.doors[door];
        at_door.hears_the_time(self.now);
        for (number, ticket) in self.db.tickets.iter().enumerate() {
            let kind = &self.catalog.types[ticket.kind];
            if kind.event != 0 || ticket.version <= at_door.version {
                continue;
            }
            let scans = ticket.scans.iter().map(|scan| &self.db.scans[scan]);
            let accepted = scans
                .filter(|scan| scan.outcome == Outcome::Accepted)
                .map(|scan| &scan.record);
            let others = accepted.filter(|record| record.device != at_door.device);
            let own = at_door.standing(number).map(|line| &line.record);
            let admitted: Vec<_> = others
                .chain(own)
                .map(|record| Admission {
                    at: record.at,
                    gate: None,
                    device: record.device,
                    list: None,
                    exit: false,
                })
                .collect();
            mark(
                &mut at_door.told_inside,
                number,
                admitted
                    .iter()
                    .any(|admission| admission.device != at_door.device),
            );
            mark(
                &mut at_door.told_void,
                number,
                ticket.state != TicketState::Valid,
            );
            let entry = RosterEntry {
                ticket: ticket.id,
                type_number: u16::try_from(ticket.kind).unwrap(),
                state: Standing::of(ticket.state, false),
                name: None,
                order_code: None,
                note: None,
                admitted,
            };
            at_door.roster.insert(ticket.id, entry);
        }
        at_door.version = self.db.version;
    }

    /// In the end every door finds a network.
    pub(super) fn doors_come_home(&mut self) {
        for door in 0..self.doors.len() {
            while self.doors[door].log.iter().any(|line| !line.sent) {
                self.send(door).unwrap();
            }
        }
        for door in 0..self.doors.len() {
            self.load(door);
        }
    }

    /// Once all doors know everything, a used ticket opens none of them.
    pub(super) fn nobody_gets_in_twice(&self) {
        for (door, number) in (0..self.doors.len())
            .flat_map(|door| (0..self.db.tickets.len()).map(move |n| (door, n)))
        {
            let at_door = &self.doors[door];
            let ticket = &self.db.tickets[number];
            let inside = ticket
                .scans
                .iter()
                .any(|scan| self.db.scans[scan].outcome == Outcome::Accepted);
            if inside {
                let entry = &at_door.roster[&ticket.id];
                assert!(
                    entry.used_up(None, Uses::ONCE).is_some(),
                    "I9: ticket {number} would get in again at door {door}"
                );
            }
        }
    }
}

/// Decides anew which admissions count, from everything that was ever reported about one ticket.
fn settled(mut scans: Vec<Scan>) -> Vec<Scan> {
    let merged = merge(claims(&scans), |_, _| Uses::ONCE);
    let holds = |records: &[ScanRecord], scan: &Scan| {
        records.iter().any(|record| record.id == scan.record.id)
    };
    for scan in &mut scans {
        if scan.outcome == Outcome::LateRevoked {
            continue;
        }
        scan.outcome = if holds(&merged.admissions, scan) {
            Outcome::Accepted
        } else if holds(&merged.conflicts, scan) {
            Outcome::Conflict
        } else {
            Outcome::Undone
        };
    }
    scans
}

/// The lines that take part in the merge: all but those that came when the ticket had stopped admitting.
pub(super) fn claims<'a>(scans: impl IntoIterator<Item = &'a Scan>) -> Vec<ScanRecord> {
    let counts = scans
        .into_iter()
        .filter(|scan| scan.outcome != Outcome::LateRevoked);
    counts.map(|scan| scan.record.clone()).collect()
}

fn mark(set: &mut BTreeSet<usize>, number: usize, yes: bool) {
    if yes {
        set.insert(number)
    } else {
        set.remove(&number)
    };
}
