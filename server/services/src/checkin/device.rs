//! A paired scanner: proof that it may ask, how long it may work alone, and how it is shut out.

use domain::{
    door::{Door, Names},
    ids::{DeviceId, EventId, OrganizationId},
    when::{Timestamp, ValidityWindow, shift},
};
use jiff::SignedDuration;

use super::queries;
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    live,
    lookup::Lookup,
    permit::{ManageDevices, Permit},
};

/// How long a scanner may admit without hearing from the server: a day at a festival without network, but not for ever
/// in a lost phone.
pub(super) const LEASE: SignedDuration = SignedDuration::from_hours(24);
/// Leases are renewed until this long after the event.
const LAST_RENEWAL: SignedDuration = SignedDuration::from_hours(24);
/// People come late and leave cloakrooms later still.
const AFTER_END: SignedDuration = SignedDuration::from_hours(6);

/// Proof that a paired scanner is asking; only [`device_by_token`] and pairing make one.
#[derive(Debug, Clone)]
pub struct Device {
    pub(super) id: DeviceId,
    pub(super) organization: OrganizationId,
    pub(super) event: EventId,
    pub(super) name: String,
    /// Empty where pairing left the choice to the device.
    pub(super) gate: String,
    pub(super) names: Names,
    /// Its lease is not renewed beyond.
    pub(super) works_until: Option<Timestamp>,
    pub(super) lease_until: Timestamp,
}

impl Device {
    pub fn id(&self) -> DeviceId {
        self.id
    }

    pub fn event(&self) -> EventId {
        self.event
    }

    pub(super) fn scope(&self) -> Scope {
        Scope::Organization(self.organization)
    }

    /// Hearing from a device renews its lease while the event lasts.
    pub(super) fn renewed(&self, ends_at: Timestamp, now: Timestamp) -> Timestamp {
        let lease = if now < shift(ends_at, LAST_RENEWAL) {
            now + LEASE
        } else {
            self.lease_until
        };
        self.works_until.map_or(lease, |until| lease.min(until))
    }
}

#[derive(Debug, thiserror::Error)]
pub enum DeviceRefused {
    #[error("no such device")]
    Unknown,
    #[error("the device was shut out")]
    Revoked,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Who is asking, by the secret a device got when it was paired.
pub async fn device_by_token(sv: &Services, token: &str) -> Result<Device, DeviceRefused> {
    match sv
        .queues
        .found_devices
        .submit(sv, (), token.to_owned())
        .await?
    {
        None => Err(DeviceRefused::Unknown),
        Some((_, true)) => Err(DeviceRefused::Revoked),
        Some((device, false)) => Ok(device),
    }
}

/// Devices by their tokens, and whether they are shut out.
pub(crate) enum DeviceTokens {}

impl Lookup for DeviceTokens {
    type Name = String;
    type Found = (Device, bool);

    async fn find(
        tx: &mut Tx,
        tokens: &[String],
    ) -> Result<Vec<Option<(Device, bool)>>, Unexpected> {
        queries::devices_by_token(tx, tokens).await
    }
}

/// What a device should know of its place.
pub async fn door(sv: &Services, device: &Device) -> Result<Door, Unexpected> {
    let mut tx = sv.db.begin(device.scope()).await?;
    let door = load_door(sv, &mut tx, device).await?;
    tx.commit().await?;
    Ok(door)
}

pub(super) async fn load_door(
    sv: &Services,
    tx: &mut Tx,
    device: &Device,
) -> Result<Door, Unexpected> {
    let event = queries::event(tx, device.organization, device.event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("devices", device.id, "its event is gone"))?;
    let (pin, message) = queries::settings(tx, device.organization, device.event).await?;
    let gates = if device.gate.is_empty() {
        queries::gates(tx, device.organization, device.event).await?
    } else {
        Vec::new()
    };
    Ok(Door {
        device: device.id,
        device_name: device.name.clone(),
        place: queries::place(tx, device, &event).await?,
        gates,
        names: device.names,
        pin,
        message,
        lease_until: device.lease_until,
        server_now: sv.now(),
        event,
    })
}

/// When a door admits. Before the event only the window in the ticket counts, so that a door can be tried out the day
/// before; afterwards nobody comes any more.
pub(super) fn window(starts_at: Timestamp, ends_at: Timestamp) -> ValidityWindow {
    ValidityWindow {
        from: Timestamp::UNIX_EPOCH.min(starts_at),
        until: shift(ends_at, AFTER_END),
    }
}

#[derive(Debug, thiserror::Error)]
pub enum RevokeRefused {
    #[error("no such device")]
    NotFound,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Shuts a device out: its next contact tells it to forget everything. What it reported stays.
#[tracing::instrument(skip_all, fields(device.id = %device))]
pub async fn revoke_device(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    device: DeviceId,
) -> Result<(), RevokeRefused> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let event = queries::revoke_device(&mut tx, permit.organization(), device, sv.now())
        .await?
        // What was written for another's event is not committed.
        .filter(|event| permit.covers(*event))
        .ok_or(RevokeRefused::NotFound)?;
    live::announce(&mut tx, event).await?;
    tx.commit().await?;
    tracing::info!(target: "security", "scanner shut out");
    Ok(())
}
