//! Taking over what scanners decided. Repeats change nothing; the order of arrival changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    checkin::{ScanRecord, merge},
    door::{Answer, BATCH, ReportKind, ScanAnswer, ScanAnswers, ScanBatch, ScanReport},
    ids::{CheckInId, TicketId},
    tickets::TicketState,
    when::{Timestamp, shift},
};
use jiff::SignedDuration;

use super::{
    Device,
    device::load_door,
    queries::{self, Inserted, NewScan},
    rows::Outcome,
};
use crate::{
    Services, Unexpected,
    db::Tx,
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

/// Records a batch of a device's log and says what became of each line.
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
    let now = sv.now();
    let mut tx = sv.db.begin(device.scope()).await?;
    let door = load_door(sv, &mut tx, device).await?;
    let named: BTreeSet<TicketId> = batch.scans.iter().filter_map(|scan| scan.ticket).collect();
    // Locked in the order of ids: two devices reporting the same tickets wait for each other instead of deadlocking.
    let states = queries::lock_tickets(&mut tx, device, &named).await?;
    let mut taken = Vec::with_capacity(batch.scans.len());
    for scan in &batch.scans {
        taken.push(take(&mut tx, device, scan, &states, now).await?);
    }
    let admitted = settle(&mut tx, device, states.keys().copied().collect()).await?;
    for ticket in &admitted {
        let news = Announcement::CheckedIn {
            event: device.event.get(),
            ticket: ticket.get(),
        };
        outbox::append(sv, &mut tx, device.organization, &news).await?;
    }
    let answers = answers(&mut tx, device, taken).await?;
    let lease_until = device.renewed(door.event.ends_at, now);
    let pending = i32::try_from(batch.pending).unwrap_or(i32::MAX);
    queries::touch_device(&mut tx, device, now, lease_until, Some(pending)).await?;
    let counters = queries::counters(&mut tx, device.organization, device.event).await?;
    live::announce(&mut tx, device.event).await?;
    tx.commit().await?;
    Ok(ScanAnswers {
        answers,
        counters,
        lease_until,
        server_now: now,
    })
}

/// What happened to one line before the tickets were settled.
struct Taken {
    id: CheckInId,
    duplicate: bool,
    reason: Option<&'static str>,
}

async fn take(
    tx: &mut Tx,
    device: &Device,
    scan: &ScanReport,
    states: &BTreeMap<TicketId, TicketState>,
    now: Timestamp,
) -> Result<Taken, Unexpected> {
    let ticket = scan.ticket.filter(|ticket| states.contains_key(ticket));
    let (outcome, undoes, reason) = match scan.kind {
        ReportKind::Refuse => (Outcome::Refused, None, None),
        ReportKind::Admit => match ticket.and_then(|ticket| states.get(&ticket)) {
            None => (Outcome::Refused, None, Some("unknown_ticket")),
            // Settled below: until then it claims nothing.
            Some(TicketState::Valid) => (Outcome::Conflict, None, None),
            Some(TicketState::Cancelled | TicketState::Replaced) => {
                (Outcome::LateRevoked, None, None)
            }
        },
        ReportKind::Undo { of } => match queries::admission_to_undo(tx, device, of).await? {
            Some(of_ticket) if Some(of_ticket) == ticket => (Outcome::Undone, Some(of), None),
            _ => (Outcome::Refused, None, Some("nothing_to_undo")),
        },
    };
    let new = NewScan {
        id: scan.id,
        ticket,
        kind: scan.kind,
        verdict: scan
            .verdict
            .chars()
            .filter(|c| c.is_ascii_lowercase() || *c == '_')
            .take(40)
            .collect(),
        outcome,
        scanned_at: scan.at.min(shift(now, CLOCK_AHEAD)),
        counter: i64::try_from(scan.counter).unwrap_or(i64::MAX),
        undoes,
        recorded_at: now,
    };
    match queries::insert_scan(tx, device, &new).await? {
        Inserted::New => {
            if let Some(of) = undoes {
                queries::mark_undone(tx, device, of, now).await?;
            }
            Ok(Taken {
                id: scan.id,
                duplicate: false,
                reason,
            })
        }
        Inserted::Known => Ok(Taken {
            id: scan.id,
            duplicate: true,
            reason,
        }),
        // Another line has this id or this counter: the device lost its memory, or lies.
        Inserted::Clash => Ok(Taken {
            id: scan.id,
            duplicate: false,
            reason: Some("number_used"),
        }),
    }
}

/// Decides anew which admissions of these tickets count, from everything all devices ever reported about them. Gives
/// back the tickets that are inside now and were not before.
async fn settle(
    tx: &mut Tx,
    device: &Device,
    tickets: Vec<TicketId>,
) -> Result<Vec<TicketId>, Unexpected> {
    let standing = queries::standing_admissions(tx, device, &tickets).await?;
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
        device,
        &changed(&merged.conflicts, Outcome::Conflict),
        Outcome::Conflict,
    )
    .await?;
    queries::set_outcome(
        tx,
        device,
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

async fn answers(
    tx: &mut Tx,
    device: &Device,
    taken: Vec<Taken>,
) -> Result<Vec<ScanAnswer>, Unexpected> {
    let ids: Vec<CheckInId> = taken.iter().map(|taken| taken.id).collect();
    let settled = queries::settled(tx, device, &ids).await?;
    Ok(taken
        .into_iter()
        .map(|taken| {
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
        })
        .collect())
}
