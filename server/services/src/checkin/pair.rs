//! Bringing a scanner to a door: a link that works once, for a quarter of an hour.

use domain::{
    door::{Names, PairRequest, Paired},
    ids::{DeviceId, EventId},
    text::{self, Fault, FieldErrors},
    when::Timestamp,
};
use jiff::SignedDuration;

use super::{
    device::{Device, LEASE, load_door},
    queries,
};
use crate::{
    Services, Unexpected,
    db::Scope,
    permit::{ManageDevices, Permit},
    seal,
};

const PAIRING_LIFE: SignedDuration = SignedDuration::from_mins(15);

/// Which door a device is to be paired with.
#[derive(Debug, Clone)]
pub struct CreatePairing {
    pub event: EventId,
    /// Name of the entrance; empty leaves the choice to the device.
    pub gate: String,
    /// How much of a guest's name the device may know.
    pub names: Names,
    /// After this it admits nobody; nothing means as long as the event lasts.
    pub works_until: Option<Timestamp>,
}

/// A link to show once; only its hash is kept.
#[derive(Debug, Clone)]
pub struct NewPairing {
    pub token: String,
    /// For the scanner's camera or browser. The token stands behind `#`, so it never reaches a log.
    pub link: String,
    pub expires_at: Timestamp,
    /// The event's, in which the end is told.
    pub time_zone: String,
}

#[derive(Debug, thiserror::Error)]
pub enum PairingRefused {
    #[error("no such event")]
    NotFound,
    #[error("fields at fault")]
    Invalid(FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// A gate's name, or nothing.
pub(super) fn gate_name(typed: &str) -> Result<String, Fault> {
    text::line(typed, 0, 40)
}

/// Prepares the pairing of one device with an event's door.
#[tracing::instrument(skip_all, fields(event = %cmd.event))]
pub async fn create_pairing(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    cmd: CreatePairing,
) -> Result<NewPairing, PairingRefused> {
    let mut fields = FieldErrors::default();
    let gate = fields.field("gate", gate_name(&cmd.gate));
    let now = sv.now();
    if cmd.works_until.is_some_and(|until| until <= now) {
        fields.add("works_until", Fault::InPast);
    }
    fields.finish().map_err(PairingRefused::Invalid)?;
    // A pairing is made by a person, who answers for it.
    let Some(actor) = permit.actor() else {
        return Err(PairingRefused::NotFound);
    };
    let token = sv.new_secret();
    let expires_at = now + PAIRING_LIFE;
    let mut tx = sv.db.begin(permit.scope()).await?;
    let event = queries::event(&mut tx, permit.organization(), cmd.event)
        .await?
        .ok_or(PairingRefused::NotFound)?;
    let pairing = queries::NewPairingRow {
        id: sv.new_id(),
        organization: permit.organization(),
        event: cmd.event,
        token_hash: seal::hash(&token),
        gate: gate.unwrap_or_default(),
        names: cmd.names,
        works_until: cmd.works_until,
        created_by: actor,
        created_at: now,
        expires_at,
    };
    queries::insert_pairing(&mut tx, &pairing).await?;
    tx.commit().await?;
    let link = format!("{}/scan#pair={token}", sv.settings.public_url);
    Ok(NewPairing {
        token,
        link,
        expires_at,
        time_zone: event.time_zone,
    })
}

#[derive(Debug, thiserror::Error)]
pub enum PairRefused {
    #[error("no such pairing")]
    Unknown,
    #[error("the pairing was used")]
    Used,
    #[error("the pairing is too old")]
    Expired,
    #[error("fields at fault")]
    Invalid(FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// A device uses a pairing and gets its own secret. Two devices with the same link: the first one wins.
#[tracing::instrument(skip_all)]
pub async fn pair(sv: &Services, request: PairRequest) -> Result<Paired, PairRefused> {
    let mut fields = FieldErrors::default();
    let name = fields.field("device_name", text::line(&request.device_name, 1, 60));
    fields.finish().map_err(PairRefused::Invalid)?;
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let pairing = queries::lock_pairing(&mut tx, &seal::hash(request.token.trim()))
        .await?
        .ok_or(PairRefused::Unknown)?;
    if pairing.used {
        return Err(PairRefused::Used);
    }
    if pairing.expires_at <= now {
        return Err(PairRefused::Expired);
    }
    let token = sv.new_secret();
    let device = Device {
        id: DeviceId::new(sv.new_id()),
        organization: pairing.organization,
        event: pairing.event,
        name: name.unwrap_or_default(),
        gate: pairing.gate,
        names: pairing.names,
        works_until: pairing.works_until,
        lease_until: pairing
            .works_until
            .map_or(now + LEASE, |until| until.min(now + LEASE)),
    };
    queries::use_pairing(&mut tx, pairing.id, now).await?;
    queries::insert_device(&mut tx, &device, &seal::hash(&token), now).await?;
    let door = load_door(sv, &mut tx, &device).await?;
    tx.commit().await?;
    tracing::info!(target: "security", { device.id = %device.id, event.id = %device.event }, "scanner paired");
    Ok(Paired { token, door })
}
