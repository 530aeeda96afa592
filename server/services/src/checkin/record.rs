//! Taking over what scanners decided. Repeats change nothing; the order of arrival changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    door::{Answer, BATCH, ScanAnswer, ScanAnswers, ScanBatch},
    ids::{CheckInId, DeviceId, EventId, OrganizationId, TicketId},
    when::{Timestamp, shift},
};
use jiff::SignedDuration;

use super::{
    Device,
    log::{Log, Taken},
    queries::{self, Heard, Inserted, Reporter},
    rows::{Outcome, SettledRow},
    settle::{self, Settled},
};
use crate::{
    Services, Unexpected,
    batcher::Merge,
    db::{Scope, Tx},
};

/// A device that is heard of all the time is noted down this often, and whenever it has more or less to send.
const NOTED: SignedDuration = SignedDuration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum RecordRefused {
    #[error("too many scans at once")]
    TooMany,
    #[error("the device was shut out")]
    ShutOut,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Records a batch of a device's log and says what became of each line. What several devices of an event report at the
/// same time is recorded together.
///
/// A scan is taken over even when the device's lease is over: what happened at the door happened. Whether the device was
/// shut out meanwhile is asked in the transaction that writes.
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
        device: device.id,
        batch,
    };
    let at = (device.organization, device.event);
    let told = sv.queues.scans.submit(sv, at, report).await?;
    told.ok_or(RecordRefused::ShutOut)
}

/// What one device tells.
pub(crate) struct Report {
    device: DeviceId,
    batch: ScanBatch,
}

/// All reports that wait for one event, in one transaction.
pub(crate) enum Scans {}

impl Merge for Scans {
    type Context = Services;
    type Key = (OrganizationId, EventId);
    type Request = Report;
    /// Nothing where the device was shut out.
    type Answer = Option<ScanAnswers>;

    async fn serve(
        sv: &Services,
        at: &Self::Key,
        reports: &[Report],
    ) -> Result<Vec<Option<ScanAnswers>>, Unexpected> {
        let (organization, event) = *at;
        let now = sv.now();
        let mut tx = sv
            .db
            .begin_shared(Scope::Organization(organization))
            .await?;
        let devices = reports
            .iter()
            .map(|report| report.device.get())
            .collect::<Vec<_>>();
        let (devices, has_lists) = queries::reporting(&mut tx, *at, &devices).await?;
        let told: Vec<Option<Told>> = reports
            .iter()
            .map(|report| {
                let reporter = devices.get(&report.device)?;
                (!reporter.shut_out).then_some((reporter, &report.batch))
            })
            .collect();
        let scans = || told.iter().flatten().flat_map(|(_, batch)| &batch.scans);
        let named: BTreeSet<TicketId> = scans().filter_map(|scan| scan.ticket).collect();
        // Locked in the order of ids: two devices reporting the same tickets wait for each other instead of deadlocking.
        let states = queries::lock_tickets(&mut tx, *at, &named).await?;
        let rules = match has_lists {
            true => queries::list_rules(&mut tx, organization, event).await?,
            false => BTreeMap::new(),
        };
        let mut log = Log::new(*at, &states, &rules, now);
        for (reporter, batch) in told.iter().flatten() {
            for scan in &batch.scans {
                log.take(&mut tx, &reporter.device, scan).await?;
            }
        }
        let settled = write(&mut tx, &mut log).await?;
        let fates = fates(&mut tx, organization, &log.taken, settled.foreseen).await?;
        note_down(&mut tx, organization, now, &told).await?;
        if settled.moved {
            sv.counts.forget(event);
        }
        let counters = sv.counts.after(&mut tx, *at, now, settled.more).await?;
        tx.commit().await?;
        sv.live.announce_soon(&sv.db, event);
        let mut taken = log.taken.into_iter();
        Ok(told
            .iter()
            .map(|told| {
                let (reporter, batch) = told.as_ref()?;
                Some(ScanAnswers {
                    answers: taken
                        .by_ref()
                        .take(batch.scans.len())
                        .map(|taken| answer(taken, &fates))
                        .collect(),
                    counters,
                    lease_until: reporter.device.renewed(reporter.ends_at, now),
                    server_now: now,
                })
            })
            .collect())
    }
}

/// Who tells, as the database knows it now, and what.
type Told<'a> = (&'a Reporter, &'a ScanBatch);

/// Writes what was taken with what becomes of it. Nearly always that is known beforehand: writing a line a second time
/// costs more than writing it. Where lines that are there already change, or a line turns out to be known, everything
/// about these tickets is decided anew.
async fn write(tx: &mut Tx, log: &mut Log<'_>) -> Result<Settled, Unexpected> {
    let organization = log.at.0;
    let tickets: Vec<TicketId> = log.states.keys().copied().collect();
    let foreseen = if log.undoes {
        None
    } else {
        let standing = queries::standing(tx, organization, &tickets).await?;
        settle::foresee(standing, &mut log.unwritten, log.rules)
    };
    log.write(tx).await?;
    let in_vain = foreseen.is_some();
    if let Some(foreseen) = foreseen.filter(|foreseen| foreseen.holds(&log.taken)) {
        return Ok(foreseen.settled);
    }
    let settled = settle::anew(tx, organization, &tickets, log.rules).await?;
    Ok(Settled {
        moved: settled.moved || log.undoes || in_vain,
        ..settled
    })
}

/// What became of the lines; asked only about those of which it is not known, and where another entry counts.
async fn fates(
    tx: &mut Tx,
    organization: OrganizationId,
    taken: &[Taken],
    foreseen: bool,
) -> Result<BTreeMap<CheckInId, SettledRow>, Unexpected> {
    let told = |taken: &&Taken| {
        foreseen && taken.inserted == Inserted::New && taken.outcome != Outcome::Conflict
    };
    let asked: Vec<CheckInId> = taken
        .iter()
        .filter(|taken| !told(taken))
        .map(|taken| taken.id)
        .collect();
    let mut fates = queries::settled(tx, organization, &asked).await?;
    fates.extend(taken.iter().filter(told).map(|taken| {
        let row = SettledRow {
            outcome: taken.outcome,
            used: None,
        };
        (taken.id, row)
    }));
    Ok(fates)
}

/// Notes that devices were heard of, where that is news.
async fn note_down(
    tx: &mut Tx,
    organization: OrganizationId,
    now: Timestamp,
    told: &[Option<Told<'_>>],
) -> Result<(), Unexpected> {
    let mut heard = BTreeMap::new();
    for (reporter, batch) in told.iter().flatten() {
        let pending = i32::try_from(batch.pending).unwrap_or(i32::MAX);
        if reporter.pending != pending || shift(reporter.last_seen_at, NOTED) <= now {
            heard.insert(
                reporter.device.id,
                Heard {
                    lease_until: reporter.device.renewed(reporter.ends_at, now),
                    pending: Some(pending),
                    battery: None,
                    version: None,
                },
            );
        }
    }
    queries::touch_devices(tx, organization, now, &heard).await
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
        answer: if taken.inserted == Inserted::Known {
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
