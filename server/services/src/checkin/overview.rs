//! What the people who run the door see: devices, the last scans, what needs a look.

use std::collections::{BTreeMap, HashMap};

use domain::{
    door::{Answer, Counters, DoorEvent, Names, Pace},
    ids::{CheckInId, DeviceId, EventId, OrganizationId, TicketTypeId},
    when::Timestamp,
};
use uuid::Uuid;

use super::queries::{self, Figures, Lines};
use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{CheckIn, Permit},
};

/// A paired scanner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceView {
    pub id: DeviceId,
    pub name: String,
    pub gate: String,
    pub paired_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub lease_until: Timestamp,
    /// Scans it said were waiting when it was last heard of.
    pub pending: u32,
    /// Percent, as it was last told.
    pub battery: Option<u8>,
    /// Which build of the scanner it runs.
    pub version: Option<String>,
    /// How much of a guest's name it may know.
    pub names: Names,
    /// People it let in.
    pub admitted: u32,
    pub revoked: bool,
}

/// A line of the door's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanView {
    pub id: CheckInId,
    pub at: Timestamp,
    pub gate: String,
    pub device_name: String,
    pub holder: Option<String>,
    pub ticket_type: Option<String>,
    pub order_code: Option<String>,
    /// Code of the verdict the device showed.
    pub verdict: String,
    pub let_in: bool,
    /// A supervisor let them in against the rule.
    pub forced: bool,
    /// Somebody left.
    pub left: bool,
    /// Why a supervisor did it, or why something was taken back.
    pub reason: Option<String>,
    pub undone: bool,
    /// Conflict or late-revoked where somebody should look; otherwise accepted or refused.
    pub fate: Answer,
}

/// How one gate is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GateView {
    /// Empty where a scanner stands at no gate with a name.
    pub gate: String,
    pub let_in: u32,
    /// Let in and turned away in the last ten minutes.
    pub recent: u32,
    pub refused_recent: u32,
    pub pace: Pace,
    pub last: Option<Timestamp>,
}

/// A gate that is open for tickets that belong elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedGate {
    pub gate: String,
    pub kind: TicketTypeId,
    pub kind_name: String,
    pub at: Timestamp,
    pub by: Option<String>,
}

/// What all scanners show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    pub text: String,
    pub at: Timestamp,
    pub by: Option<String>,
}

/// The door at a glance.
#[derive(Debug, Clone)]
pub struct DoorOverview {
    pub event: DoorEvent,
    pub counters: Counters,
    /// Tickets that came in at least once.
    pub came: u32,
    pub gates: Vec<GateView>,
    pub devices: Vec<DeviceView>,
    pub recent: Vec<ScanView>,
    /// What somebody should look at; with a second entry, the one that counts.
    pub conflicts: Vec<(ScanView, Option<ScanView>)>,
    pub refused: Vec<ScanView>,
    /// Why people were turned away, by the code of the verdict.
    pub reasons: Vec<(String, u32)>,
    /// Admissions against the rule.
    pub forced: Vec<ScanView>,
    pub openings: Vec<OpenedGate>,
    pub message: Option<SentMessage>,
    /// Whether supervisors have a PIN.
    pub has_pin: bool,
    /// What a gate can be opened for, and gates that are known.
    pub kinds: Vec<(TicketTypeId, String)>,
    pub known_gates: Vec<String>,
}

/// Everything the door page shows; `None` for an event of another organization.
pub async fn overview(
    sv: &Services,
    permit: &Permit<CheckIn>,
    event: EventId,
) -> Result<Option<DoorOverview>, Unexpected> {
    let organization = permit.organization();
    let now = sv.now();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(about) = queries::event(&mut tx, organization, event).await? else {
        return Ok(None);
    };
    let figures = sv
        .counts
        .figures(&mut tx, (organization, event), now)
        .await?;
    let let_in = queries::by_device(&figures);
    let lines = queries::lines(&mut tx, organization, event).await?;
    let log = Log::read(&mut tx, organization, &lines).await?;
    let (has_pin, message) = queries::said(&mut tx, organization, event).await?;
    let overview = DoorOverview {
        event: about,
        counters: sv
            .counts
            .after(&mut tx, (organization, event), now, 0)
            .await?,
        came: figures
            .iter()
            .fold(0, |sum, one| sum.saturating_add(one.first)),
        gates: gates(&figures),
        devices: queries::devices(&mut tx, organization, event, &let_in).await?,
        recent: log.scans(&lines.recent),
        conflicts: log.pairs(&lines.troubled),
        refused: log.scans(&lines.refused),
        reasons: queries::reasons(&mut tx, organization, event).await?,
        forced: log.scans(&lines.forced),
        openings: queries::openings(&mut tx, organization, event).await?,
        message,
        has_pin,
        kinds: queries::kinds(&mut tx, organization, event).await?,
        known_gates: queries::gates(&mut tx, organization, event).await?,
    };
    tx.commit().await?;
    Ok(Some(overview))
}

/// What devices did, put together by gate, in the order of their names.
fn gates(figures: &[Figures]) -> Vec<GateView> {
    let mut gates: BTreeMap<String, GateView> = BTreeMap::new();
    for one in figures {
        let gate = gates.entry(one.gate.clone()).or_insert_with(|| GateView {
            gate: one.gate.clone(),
            ..GateView::default()
        });
        gate.let_in = gate.let_in.saturating_add(one.let_in);
        gate.recent = gate.recent.saturating_add(one.recent);
        gate.refused_recent = gate.refused_recent.saturating_add(one.refused_recent);
        gate.pace.lately = gate.pace.lately.saturating_add(one.pace.lately);
        gate.pace.before = gate.pace.before.saturating_add(one.pace.before);
        gate.last = gate.last.max(one.last);
    }
    gates.into_values().collect()
}

/// Lines that were read in full.
struct Log(HashMap<Uuid, (ScanView, Option<Uuid>)>);

impl Log {
    /// Reads the lines, and the entries that count instead of second ones.
    async fn read(
        tx: &mut Tx,
        organization: OrganizationId,
        lines: &Lines,
    ) -> Result<Self, Unexpected> {
        let all: Vec<Uuid> = [
            &lines.recent,
            &lines.troubled,
            &lines.refused,
            &lines.forced,
        ]
        .into_iter()
        .flatten()
        .copied()
        .collect();
        let mut log = queries::told(tx, organization, &all).await?;
        let winners: Vec<Uuid> = log.values().filter_map(|(_, winner)| *winner).collect();
        if !winners.is_empty() {
            log.extend(queries::told(tx, organization, &winners).await?);
        }
        Ok(Self(log))
    }

    fn scan(&self, id: &Uuid) -> Option<ScanView> {
        self.0.get(id).map(|(scan, _)| scan.clone())
    }

    fn scans(&self, ids: &[Uuid]) -> Vec<ScanView> {
        ids.iter().filter_map(|id| self.scan(id)).collect()
    }

    fn pairs(&self, ids: &[Uuid]) -> Vec<(ScanView, Option<ScanView>)> {
        let pair = |id: &Uuid| {
            let (scan, winner) = self.0.get(id)?;
            let winner = winner.as_ref().and_then(|id| self.scan(id));
            Some((scan.clone(), winner))
        };
        ids.iter().filter_map(pair).collect()
    }
}

/// The devices of an event, shut-out ones last.
pub async fn list_devices(
    sv: &Services,
    permit: &Permit<CheckIn>,
    event: EventId,
) -> Result<Vec<DeviceView>, Unexpected> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let figures = sv
        .counts
        .figures(&mut tx, (organization, event), sv.now())
        .await?;
    let let_in = queries::by_device(&figures);
    let devices = queries::devices(&mut tx, organization, event, &let_in).await?;
    tx.commit().await?;
    Ok(devices)
}
