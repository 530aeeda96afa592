//! What the people who run the door see: devices, the last scans, what needs a look.

use domain::{
    door::{Answer, Counters, DoorEvent, Names},
    ids::{CheckInId, DeviceId, EventId},
    when::Timestamp,
};

use super::queries;
use crate::{
    Services, Unexpected,
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

/// The door at a glance.
#[derive(Debug, Clone)]
pub struct DoorOverview {
    pub event: DoorEvent,
    pub counters: Counters,
    pub devices: Vec<DeviceView>,
    pub recent: Vec<ScanView>,
    pub conflicts: Vec<ScanView>,
}

/// Everything the door page shows; `None` for an event of another organization.
pub async fn overview(
    sv: &Services,
    permit: &Permit<CheckIn>,
    event: EventId,
) -> Result<Option<DoorOverview>, Unexpected> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let Some(about) = queries::event(&mut tx, organization, event).await? else {
        return Ok(None);
    };
    let overview = DoorOverview {
        event: about,
        counters: queries::counters(&mut tx, organization, event, sv.now()).await?,
        devices: queries::devices(&mut tx, organization, event).await?,
        recent: queries::scans(&mut tx, organization, event, false, 10).await?,
        conflicts: queries::scans(&mut tx, organization, event, true, 50).await?,
    };
    tx.commit().await?;
    Ok(Some(overview))
}

/// The devices of an event, shut-out ones last.
pub async fn list_devices(
    sv: &Services,
    permit: &Permit<CheckIn>,
    event: EventId,
) -> Result<Vec<DeviceView>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let devices = queries::devices(&mut tx, permit.organization(), event).await?;
    tx.commit().await?;
    Ok(devices)
}
