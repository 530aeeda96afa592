//! Taking over what scanners decided. Repeats change nothing; the order of arrival changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    checkin::{ScanRecord, merge},
    door::{Answer, BATCH, ReportKind, ScanAnswer, ScanAnswers, ScanBatch, ScanReport},
    ids::{CheckInId, EventId, OrganizationId, TicketId},
    tickets::TicketState,
    when::{Timestamp, shift},
};
use jiff::SignedDuration;

use super::{
    Device,
    queries::{self, Heard, Inserted, NewScan},
    rows::{Outcome, SettledRow},
};
use crate::{
    Services, Unexpected,
    batcher::Merge,
    db::{Scope, Tx},
    live,
    outbox::{self, Announcement},
};

/// How often one ticket admits. Kept in one place until a kind of ticket says otherwise.
const ADMISSIONS: u16 = 1;
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
        let scans = || reports.iter().flat_map(|report| &report.batch.scans);
        let named: BTreeSet<TicketId> = scans().filter_map(|scan| scan.ticket).collect();
        // Locked in the order of ids: two devices reporting the same tickets wait for each other instead of deadlocking.
        let states = queries::lock_tickets(&mut tx, (organization, event), &named).await?;
        let mut log = Log {
            at: (organization, event),
            states: &states,
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
        let admitted = settle(&mut tx, organization, states.keys().copied().collect()).await?;
        let news: Vec<_> = admitted
            .iter()
            .map(|ticket| Announcement::CheckedIn {
                event: event.get(),
                ticket: ticket.get(),
            })
            .collect();
        outbox::append_all(sv, &mut tx, organization, &news).await?;
        let ids: Vec<CheckInId> = scans().map(|scan| scan.id).collect();
        let settled = queries::settled(&mut tx, organization, &ids).await?;
        let mut heard = BTreeMap::new();
        for Report { device, batch } in reports {
            let lease_until = device.renewed(ends_at, now);
            let pending = Some(i32::try_from(batch.pending).unwrap_or(i32::MAX));
            heard.insert(
                device.id,
                Heard {
                    lease_until,
                    pending,
                },
            );
        }
        queries::touch_devices(&mut tx, organization, now, &heard).await?;
        if scans().any(|scan| matches!(scan.kind, ReportKind::Undo { .. })) {
            sv.counts.forget(event);
        }
        let counters = sv
            .counts
            .after(&mut tx, (organization, event), admitted.len())
            .await?;
        live::announce(&mut tx, event).await?;
        tx.commit().await?;
        Ok(reports
            .iter()
            .map(|report| ScanAnswers {
                answers: taken
                    .by_ref()
                    .take(report.batch.scans.len())
                    .map(|taken| answer(taken, &settled))
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
    states: &'a BTreeMap<TicketId, TicketState>,
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
        let (outcome, undoes, reason) = match scan.kind {
            ReportKind::Refuse => (Outcome::Refused, None, None),
            ReportKind::Admit => match ticket.and_then(|ticket| self.states.get(&ticket)) {
                None => (Outcome::Refused, None, Some("unknown_ticket")),
                // Settled later: until then it claims nothing.
                Some(TicketState::Valid) => (Outcome::Conflict, None, None),
                Some(TicketState::Cancelled | TicketState::Replaced) => {
                    (Outcome::LateRevoked, None, None)
                }
            },
            ReportKind::Undo { of } => {
                // It may take back a line that came just before it.
                self.write(tx).await?;
                match queries::admission_to_undo(tx, device, of).await? {
                    Some(of_ticket) if Some(of_ticket) == ticket => {
                        (Outcome::Undone, Some(of), None)
                    }
                    _ => (Outcome::Refused, None, Some("nothing_to_undo")),
                }
            }
        };
        let new = NewScan {
            id: scan.id,
            device: device.id,
            gate: device.gate.clone(),
            ticket,
            kind: scan.kind,
            verdict: scan
                .verdict
                .chars()
                .filter(|c| c.is_ascii_lowercase() || *c == '_')
                .take(40)
                .collect(),
            outcome,
            scanned_at: scan.at.min(shift(self.now, CLOCK_AHEAD)),
            counter: i64::try_from(scan.counter).unwrap_or(i64::MAX),
            undoes,
            recorded_at: self.now,
        };
        self.unwritten.push((new, reason));
        if undoes.is_some() {
            self.write(tx).await?;
        }
        Ok(())
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<(), Unexpected> {
        if self.unwritten.is_empty() {
            return Ok(());
        }
        let (lines, reasons): (Vec<_>, Vec<_>) = self.unwritten.drain(..).unzip();
        let inserted = queries::insert_scans(tx, self.at, &lines).await?;
        for ((line, reason), inserted) in lines.into_iter().zip(reasons).zip(inserted) {
            if let (Inserted::New, Some(of)) = (inserted, line.undoes) {
                queries::mark_undone(tx, self.at.0, of, self.now).await?;
            }
            self.taken.push(Taken {
                id: line.id,
                duplicate: inserted == Inserted::Known,
                reason: match inserted {
                    Inserted::New | Inserted::Known => reason,
                    // Another line has this id or this counter: the device lost its memory, or lies.
                    Inserted::Clash => Some("number_used"),
                },
            });
        }
        Ok(())
    }
}

/// Decides anew which admissions of these tickets count, from everything all devices ever reported about them. Gives
/// back the tickets that are inside now and were not before.
async fn settle(
    tx: &mut Tx,
    organization: OrganizationId,
    tickets: Vec<TicketId>,
) -> Result<Vec<TicketId>, Unexpected> {
    let standing = queries::standing_admissions(tx, organization, &tickets).await?;
    let was_in: BTreeSet<TicketId> = standing
        .iter()
        .filter(|(_, outcome)| *outcome == Outcome::Accepted)
        .map(|(scan, _)| scan.ticket)
        .collect();
    let before: BTreeMap<CheckInId, Outcome> = standing
        .iter()
        .map(|(scan, outcome)| (scan.id, *outcome))
        .collect();
    let merged = merge(standing.into_iter().map(|(scan, _)| scan), |_| ADMISSIONS);
    let changed = |scans: &[ScanRecord], to: Outcome| -> Vec<CheckInId> {
        scans
            .iter()
            .map(|scan| scan.id)
            .filter(|id| before.get(id) != Some(&to))
            .collect()
    };
    // Losers first: a ticket is inside at most once at any moment, the database holds us to that.
    queries::set_outcome(
        tx,
        organization,
        &changed(&merged.conflicts, Outcome::Conflict),
        Outcome::Conflict,
    )
    .await?;
    queries::set_outcome(
        tx,
        organization,
        &changed(&merged.admissions, Outcome::Accepted),
        Outcome::Accepted,
    )
    .await?;
    Ok(merged
        .admissions
        .into_iter()
        .map(|scan| scan.ticket)
        .filter(|ticket| !was_in.contains(ticket))
        .collect())
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
