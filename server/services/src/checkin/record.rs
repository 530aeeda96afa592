//! Taking over what scanners decided. Repeats change nothing; the order of arrival changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    checkin::{ScanKind, ScanRecord, Standing, Uses, merge},
    door::{Answer, BATCH, ReportKind, ScanAnswer, ScanAnswers, ScanBatch, ScanReport},
    ids::{CheckInId, CheckInListId, EventId, OrganizationId, TicketId},
    text,
    when::{Timestamp, shift},
};
use jiff::SignedDuration;

use super::{
    Device,
    queries::{self, Heard, Inserted, NewScan, StandingRow},
    rows::{Outcome, SettledRow},
};
use crate::{
    Services, Unexpected,
    batcher::Merge,
    db::{Scope, Tx},
    live,
    outbox::{self, Announcement},
};

/// A device's clock may run ahead a little; a scan from further in the future would win or lose every conflict.
const CLOCK_AHEAD: SignedDuration = SignedDuration::from_mins(10);

#[derive(Debug, thiserror::Error)]
pub enum RecordRefused {
    #[error("too many scans at once")]
    TooMany,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Records a batch of a device's log and says what became of each line. What several devices of an event report at the
/// same time is recorded together.
///
/// A scan is taken over even when the device's lease is over: what happened at the door happened.
#[tracing::instrument(skip_all, fields(device.id = %device.id(), scans = batch.scans.len()))]
pub async fn record_scans(
    sv: &Services,
    device: &Device,
    batch: ScanBatch,
) -> Result<ScanAnswers, RecordRefused> {
    if batch.scans.len() > BATCH {
        return Err(RecordRefused::TooMany);
    }
    let report = Report {
        device: device.clone(),
        batch,
    };
    let at = (device.organization, device.event);
    Ok(sv.queues.scans.submit(sv, at, report).await?)
}

/// What one device tells.
pub(crate) struct Report {
    device: Device,
    batch: ScanBatch,
}

/// All reports that wait for one event, in one transaction.
pub(crate) enum Scans {}

impl Merge for Scans {
    type Context = Services;
    type Key = (OrganizationId, EventId);
    type Request = Report;
    type Answer = ScanAnswers;

    async fn serve(
        sv: &Services,
        &(organization, event): &Self::Key,
        reports: &[Report],
    ) -> Result<Vec<ScanAnswers>, Unexpected> {
        let now = sv.now();
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        let ends_at = queries::event(&mut tx, organization, event)
            .await?
            .ok_or_else(|| Unexpected::bad_row("events", event, "devices without an event"))?
            .ends_at;
        let uses = queries::list_uses(&mut tx, organization, event).await?;
        let scans = || reports.iter().flat_map(|report| &report.batch.scans);
        let named: BTreeSet<TicketId> = scans().filter_map(|scan| scan.ticket).collect();
        // Locked in the order of ids: two devices reporting the same tickets wait for each other instead of deadlocking.
        let states = queries::lock_tickets(&mut tx, (organization, event), &named).await?;
        let mut log = Log {
            at: (organization, event),
            states: &states,
            uses: &uses,
            now,
            unwritten: Vec::new(),
            taken: Vec::new(),
        };
        for report in reports {
            for scan in &report.batch.scans {
                log.take(&mut tx, &report.device, scan).await?;
            }
        }
        log.write(&mut tx).await?;
        let mut taken = log.taken.into_iter();
        let settled = settle(
            &mut tx,
            organization,
            states.keys().copied().collect(),
            &uses,
        )
        .await?;
        let news: Vec<_> = settled
            .came_in
            .iter()
            .map(|ticket| Announcement::CheckedIn {
                event: event.get(),
                ticket: ticket.get(),
            })
            .collect();
        outbox::append_all(sv, &mut tx, organization, &news).await?;
        let ids: Vec<CheckInId> = scans().map(|scan| scan.id).collect();
        let fates = queries::settled(&mut tx, organization, &ids).await?;
        let mut heard = BTreeMap::new();
        for Report { device, batch } in reports {
            let lease_until = device.renewed(ends_at, now);
            let pending = Some(i32::try_from(batch.pending).unwrap_or(i32::MAX));
            heard.insert(
                device.id,
                Heard {
                    lease_until,
                    pending,
                    battery: None,
                    version: None,
                },
            );
        }
        queries::touch_devices(&mut tx, organization, now, &heard).await?;
        if settled.moved || scans().any(|scan| matches!(scan.kind, ReportKind::Undo { .. })) {
            sv.counts.forget(event);
        }
        let counters = sv
            .counts
            .after(&mut tx, (organization, event), now, settled.more)
            .await?;
        live::announce(&mut tx, event).await?;
        tx.commit().await?;
        Ok(reports
            .iter()
            .map(|report| ScanAnswers {
                answers: taken
                    .by_ref()
                    .take(report.batch.scans.len())
                    .map(|taken| answer(taken, &fates))
                    .collect(),
                counters,
                lease_until: report.device.renewed(ends_at, now),
                server_now: now,
            })
            .collect())
    }
}

/// What happened to one line before the tickets were settled.
struct Taken {
    id: CheckInId,
    duplicate: bool,
    reason: Option<&'static str>,
}

/// Lines on their way into the database, many in one statement, in their order.
struct Log<'a> {
    at: (OrganizationId, EventId),
    states: &'a BTreeMap<TicketId, Standing>,
    uses: &'a BTreeMap<CheckInListId, Uses>,
    now: Timestamp,
    unwritten: Vec<(NewScan, Option<&'static str>)>,
    taken: Vec<Taken>,
}

impl Log<'_> {
    async fn take(
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
            scanned_at: scan
                .at
                .clamp(Timestamp::UNIX_EPOCH, shift(self.now, CLOCK_AHEAD)),
            counter: i64::try_from(scan.counter).unwrap_or(i64::MAX),
            undoes,
            list: scan.list.filter(|list| self.uses.contains_key(list)),
            reason: line(&scan.reason, 140),
            recorded_at: self.now,
        };
        self.unwritten.push((new, fault));
        if undoes.is_some() {
            self.write(tx).await?;
        }
        Ok(())
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<(), Unexpected> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let (lines, faults): (Vec<_>, Vec<_>) = self.unwritten.drain(..).unzip();
        let inserted = queries::insert_scans(tx, self.at, &lines).await?;
        for ((line, fault), inserted) in lines.into_iter().zip(faults).zip(inserted) {
            if let (Inserted::New, Some(of)) = (inserted, line.undoes) {
                queries::mark_undone(tx, self.at.0, of, self.now).await?;
            }
            self.taken.push(Taken {
                id: line.id,
                duplicate: inserted == Inserted::Known,
                reason: match inserted {
                    Inserted::New | Inserted::Known => fault,
                    // Another line has this id or this counter: the device lost its memory, or lies.
                    Inserted::Clash => Some("number_used"),
                },
            });
        }
        Ok(())
    }
}

/// What deciding anew has changed.
struct Settled {
    /// Tickets somebody came in with for the first time.
    came_in: Vec<TicketId>,
    /// How many more are inside than before, as far as nothing moved.
    more: i64,
    /// Something that counted does not any more: count anew.
    moved: bool,
}

/// Decides anew which entries and exits of these tickets count, from everything all devices ever reported about them.
async fn settle(
    tx: &mut Tx,
    organization: OrganizationId,
    tickets: Vec<TicketId>,
    uses: &BTreeMap<CheckInListId, Uses>,
) -> Result<Settled, Unexpected> {
    let standing = queries::standing(tx, organization, &tickets).await?;
    let before: BTreeMap<CheckInId, (Outcome, i16)> = standing
        .iter()
        .map(|row| (row.record.id, (row.outcome, row.turn)))
        .collect();
    let counted_entry = |row: &&StandingRow| {
        let exit = row.record.kind == ScanKind::Exit;
        !exit && row.outcome == Outcome::Accepted
    };
    let was_in: BTreeSet<TicketId> = standing
        .iter()
        .filter(counted_entry)
        .map(|row| row.record.ticket)
        .collect();
    let merged = merge(standing.into_iter().map(|row| row.record), |_, list| {
        list.and_then(|list| uses.get(&list).copied())
            .unwrap_or(Uses::ONCE)
    });
    let outcome_before = |scan: &ScanRecord| before.get(&scan.id).map(|(outcome, _)| *outcome);
    let changed = |scans: &[ScanRecord], to: Outcome| -> Vec<CheckInId> {
        scans
            .iter()
            .filter(|scan| outcome_before(scan) != Some(to))
            .map(|scan| scan.id)
            .collect()
    };
    let mut taken: BTreeMap<TicketId, i16> = BTreeMap::new();
    let mut turns = Vec::new();
    let mut moved = Vec::new();
    let mut entries = 0_i64;
    for scan in &merged.admissions {
        let turn = taken.entry(scan.ticket).or_default();
        *turn = turn.saturating_add(1);
        match before.get(&scan.id) {
            Some((Outcome::Accepted, known)) if known == turn => continue,
            Some((Outcome::Accepted, _)) => moved.push(scan.id),
            _ => entries += 1,
        }
        turns.push((scan.id, *turn));
    }
    // Losers and whatever changes its turn first: no turn is ever taken twice, the database holds us to that.
    let lost = changed(&merged.conflicts, Outcome::Conflict);
    let exits = changed(&merged.exits, Outcome::Accepted);
    let idle = changed(&merged.idle_exits, Outcome::Refused);
    let anew = !(lost.is_empty() && idle.is_empty() && moved.is_empty());
    moved.extend(lost);
    queries::set_outcome(tx, organization, &moved, Outcome::Conflict).await?;
    queries::set_turns(tx, organization, &turns).await?;
    queries::set_outcome(tx, organization, &exits, Outcome::Accepted).await?;
    queries::set_outcome(tx, organization, &idle, Outcome::Refused).await?;
    let came_in: BTreeSet<TicketId> = merged
        .admissions
        .into_iter()
        .map(|scan| scan.ticket)
        .filter(|ticket| !was_in.contains(ticket))
        .collect();
    Ok(Settled {
        came_in: came_in.into_iter().collect(),
        more: entries - i64::try_from(exits.len()).unwrap_or(i64::MAX),
        moved: anew,
    })
}

fn answer(taken: Taken, settled: &BTreeMap<CheckInId, SettledRow>) -> ScanAnswer {
    let row = settled.get(&taken.id);
    let refused = taken.reason.is_some();
    let fate = match row.map(|row| row.outcome) {
        _ if refused => Answer::Refused,
        None => Answer::Refused,
        // A refusal at the door and an undo are facts to write down, not claims that could fail.
        Some(Outcome::Accepted | Outcome::Refused | Outcome::Undone) => Answer::Accepted,
        Some(Outcome::Conflict) => Answer::Conflict,
        Some(Outcome::LateRevoked) => Answer::LateRevoked,
    };
    ScanAnswer {
        id: taken.id,
        answer: if taken.duplicate {
            Answer::Duplicate
        } else {
            fate
        },
        settled: fate,
        used: row
            .filter(|_| fate == Answer::Conflict)
            .and_then(|row| row.used.clone()),
        reason: taken.reason.map(str::to_owned),
    }
}
