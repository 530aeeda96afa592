//! The server takes over what doors decided, in any order and as often as they send it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    database::Crash,
    rows::{Outcome, Scan, Write},
    world::World,
};
use crate::{
    checkin::{ScanKind, ScanRecord, merge},
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
                (ScanKind::Admit, TicketState::Valid) => Outcome::Conflict,
                (ScanKind::Admit, TicketState::Cancelled | TicketState::Replaced) => {
                    Outcome::LateRevoked
                }
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
}

/// Decides anew which admissions count, from everything that was ever reported about one ticket.
fn settled(mut scans: Vec<Scan>) -> Vec<Scan> {
    let merged = merge(claims(&scans), |_| 1);
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
