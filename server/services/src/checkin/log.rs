//! Lines of devices on their way into the database.

use std::collections::BTreeMap;

use domain::{
    checkin::Standing,
    door::{ReportKind, ScanReport},
    ids::{CheckInId, CheckInListId, EventId, OrganizationId, TicketId},
    text,
    when::{Timestamp, shift},
};
use jiff::SignedDuration;

use super::{
    Device,
    queries::{self, Inserted, ListRule, NewScan},
    rows::Outcome,
};
use crate::{Unexpected, db::Tx};

/// A device's clock may run ahead a little; a scan from further in the future would win or lose every conflict.
const CLOCK_AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// What happened to one line.
pub(super) struct Taken {
    pub id: CheckInId,
    pub inserted: Inserted,
    /// As it was written.
    pub outcome: Outcome,
    pub reason: Option<&'static str>,
}

/// Many lines in one statement, in their order.
pub(super) struct Log<'a> {
    pub at: (OrganizationId, EventId),
    pub states: &'a BTreeMap<TicketId, Standing>,
    pub rules: &'a BTreeMap<CheckInListId, ListRule>,
    pub now: Timestamp,
    pub unwritten: Vec<NewScan>,
    pub taken: Vec<Taken>,
    /// Something was taken back.
    pub undoes: bool,
}

impl<'a> Log<'a> {
    pub fn new(
        at: (OrganizationId, EventId),
        states: &'a BTreeMap<TicketId, Standing>,
        rules: &'a BTreeMap<CheckInListId, ListRule>,
        now: Timestamp,
    ) -> Self {
        Self {
            at,
            states,
            rules,
            now,
            unwritten: Vec::new(),
            taken: Vec::new(),
            undoes: false,
        }
    }

    /// Takes one more line; writes only where it takes another back.
    pub async fn take(
        &mut self,
        tx: &mut Tx,
        device: &Device,
        scan: &ScanReport,
    ) -> Result<(), Unexpected> {
        let ticket = scan
            .ticket
            .filter(|ticket| self.states.contains_key(ticket));
        let state = ticket.and_then(|ticket| self.states.get(&ticket));
        let (outcome, undoes, fault) = match scan.kind {
            ReportKind::Refuse => (Outcome::Refused, None, None),
            ReportKind::Admit | ReportKind::Force | ReportKind::Exit if state.is_none() => {
                (Outcome::Refused, None, Some("unknown_ticket"))
            }
            // Settled later: until then these claim nothing.
            ReportKind::Exit => (Outcome::Refused, None, None),
            ReportKind::Admit | ReportKind::Force => match state {
                Some(Standing::Valid) | None => (Outcome::Conflict, None, None),
                // A supervisor may let in whoever was stopped, but no ticket that is gone.
                Some(Standing::Blocked) if scan.kind == ReportKind::Force => {
                    (Outcome::Conflict, None, None)
                }
                Some(Standing::Blocked | Standing::Cancelled | Standing::Replaced) => {
                    (Outcome::LateRevoked, None, None)
                }
            },
            ReportKind::Undo { of } => {
                self.undoes = true;
                // It may take back a line that came just before it.
                self.write(tx).await?;
                match queries::to_undo(tx, device, of).await? {
                    Some(of_ticket) if Some(of_ticket) == ticket => {
                        (Outcome::Undone, Some(of), None)
                    }
                    _ => (Outcome::Refused, None, Some("nothing_to_undo")),
                }
            }
        };
        // What staff writes is kept as far as it is plain; a scan is never lost over it.
        let line = |text: &Option<String>, most| {
            let plain = text::line(text.as_deref().unwrap_or_default(), 1, most);
            plain.ok()
        };
        let gate = match device.gate.as_str() {
            "" => line(&scan.gate, 40).unwrap_or_default(),
            gate => gate.to_owned(),
        };
        let new = NewScan {
            id: scan.id,
            device: device.id,
            gate,
            ticket,
            kind: scan.kind,
            verdict: scan
                .verdict
                .chars()
                .filter(|c| c.is_ascii_lowercase() || *c == '_')
                .take(40)
                .collect(),
            outcome,
            turn: 1,
            scanned_at: stored(
                scan.at
                    .clamp(Timestamp::UNIX_EPOCH, shift(self.now, CLOCK_AHEAD)),
            ),
            counter: i64::try_from(scan.counter).unwrap_or(i64::MAX),
            undoes,
            list: scan.list.filter(|list| self.rules.contains_key(list)),
            reason: line(&scan.reason, 140),
            recorded_at: self.now,
            fault,
        };
        self.unwritten.push(new);
        if undoes.is_some() {
            self.write(tx).await?;
        }
        Ok(())
    }

    pub async fn write(&mut self, tx: &mut Tx) -> Result<(), Unexpected> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let lines: Vec<NewScan> = self.unwritten.drain(..).collect();
        let inserted = queries::insert_scans(tx, self.at, &lines).await?;
        for (line, inserted) in lines.into_iter().zip(inserted) {
            if let (Inserted::New, Some(of)) = (inserted, line.undoes) {
                queries::mark_undone(tx, self.at.0, of, self.now).await?;
            }
            self.taken.push(Taken {
                id: line.id,
                inserted,
                outcome: line.outcome,
                reason: match inserted {
                    Inserted::New | Inserted::Known => line.fault,
                    // Another line has this id or this counter: the device lost its memory, or lies.
                    Inserted::Clash => Some("number_used"),
                },
            });
        }
        Ok(())
    }
}

/// As exact as the database keeps it: what is decided before a line is written must hold when it is read again.
fn stored(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
