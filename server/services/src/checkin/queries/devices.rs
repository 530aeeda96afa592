//! SQL of pairings and devices.

use std::collections::{BTreeMap, HashMap};

use domain::door::{DoorEvent, Names};
use domain::ids::{DeviceId, EventId, OrganizationId, UserId};
use domain::when::Timestamp;
use uuid::Uuid;

use super::sql;
use crate::checkin::rows::{EventRow, PairingRow, names};
use crate::checkin::{Device, DeviceView};
use crate::db::Tx;
use crate::{Unexpected, seal};

pub(in crate::checkin) async fn event(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Option<DoorEvent>, Unexpected> {
    let row = sqlx::query_as!(
        EventRow,
        r#"
        select id, title, venue_name, state, time_zone, starts_at, ends_at
        from events
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(DoorEvent::try_from).transpose()
}

pub(in crate::checkin) struct NewPairingRow {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub event: EventId,
    pub token_hash: Vec<u8>,
    pub gate: String,
    pub names: Names,
    pub works_until: Option<Timestamp>,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

pub(in crate::checkin) async fn insert_pairing(
    tx: &mut Tx,
    new: &NewPairingRow,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into pairings (id, organization_id, event_id, token_hash, gate, created_by, created_at, expires_at, names,
                              works_until)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        new.id,
        new.organization.get(),
        new.event.get(),
        new.token_hash,
        new.gate,
        new.created_by.get(),
        sql(new.created_at) as _,
        sql(new.expires_at) as _,
        new.names.code(),
        new.works_until.map(sql) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Found by its token, whichever organization it belongs to.
pub(in crate::checkin) async fn lock_pairing(
    tx: &mut Tx,
    token_hash: &[u8],
) -> Result<Option<PairingRow>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, organization_id, event_id, gate, expires_at, used_at is not null as "used!", names,
               works_until as "works_until: jiff_sqlx::Timestamp"
        from pairings where token_hash = $1
        for update
        "#,
        token_hash
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(PairingRow {
            id: row.id,
            organization: OrganizationId::new(row.organization_id),
            event: EventId::new(row.event_id),
            names: names(row.id, &row.names)?,
            works_until: row.works_until.map(jiff_sqlx::Timestamp::to_jiff),
            gate: row.gate,
            expires_at: row.expires_at.to_jiff(),
            used: row.used,
        })
    })
    .transpose()
}

pub(in crate::checkin) async fn use_pairing(
    tx: &mut Tx,
    id: Uuid,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update pairings set used_at = $2 where id = $1",
        id,
        sql(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(in crate::checkin) async fn insert_device(
    tx: &mut Tx,
    device: &Device,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into devices
            (id, organization_id, event_id, name, gate, token_hash, paired_at, last_seen_at, lease_until, names,
             works_until)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10)
        "#,
        device.id.get(),
        device.organization.get(),
        device.event.get(),
        device.name,
        device.gate,
        token_hash,
        sql(now) as _,
        sql(device.lease_until) as _,
        device.names.code(),
        device.works_until.map(sql) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The devices with these tokens, in the order of the tokens; with each, whether it is shut out.
pub(in crate::checkin) async fn devices_by_token(
    tx: &mut Tx,
    tokens: &[String],
) -> Result<Vec<Option<(Device, bool)>>, Unexpected> {
    let hashes: Vec<Vec<u8>> = tokens.iter().map(|token| seal::hash(token)).collect();
    let rows = sqlx::query!(
        r#"
        select token_hash, id, organization_id, event_id, name, gate, lease_until, revoked_at is not null as "revoked!",
               names, works_until as "works_until: jiff_sqlx::Timestamp"
        from devices where token_hash = any($1)
        "#,
        &hashes
    )
    .fetch_all(&mut **tx)
    .await?;
    let found: HashMap<Vec<u8>, (Device, bool)> = rows
        .into_iter()
        .map(|row| {
            let device = Device {
                id: DeviceId::new(row.id),
                organization: OrganizationId::new(row.organization_id),
                event: EventId::new(row.event_id),
                name: row.name,
                names: names(row.id, &row.names)?,
                works_until: row.works_until.map(jiff_sqlx::Timestamp::to_jiff),
                gate: row.gate,
                lease_until: row.lease_until.to_jiff(),
            };
            Ok((row.token_hash, (device, row.revoked)))
        })
        .collect::<Result<_, Unexpected>>()?;
    Ok(hashes.iter().map(|hash| found.get(hash).cloned()).collect())
}

/// A device that reports, as it is known now.
pub(in crate::checkin) struct Reporter {
    pub device: Device,
    pub shut_out: bool,
    pub last_seen_at: Timestamp,
    /// Lines it had not sent yet when it was heard of.
    pub pending: i32,
    /// Its event's end.
    pub ends_at: Timestamp,
}

/// Those of these devices that are the event's, and whether it has lists or had some.
pub(in crate::checkin) async fn reporting(
    tx: &mut Tx,
    (organization, event): (OrganizationId, EventId),
    devices: &[Uuid],
) -> Result<(BTreeMap<DeviceId, Reporter>, bool), Unexpected> {
    let rows = sqlx::query!(
        r#"
        select d.id, d.name, d.gate, d.lease_until, d.names, d.works_until as "works_until: jiff_sqlx::Timestamp",
               d.revoked_at is not null as "revoked!", d.last_seen_at, d.pending,
               -- By its id alone, which no plan can get wrong; its organization is that of the device.
               (select e.ends_at from events e where e.id = $2) as "ends_at!: jiff_sqlx::Timestamp",
               exists (select from check_in_lists l where l.organization_id = $1 and l.event_id = $2) as "has_lists!"
        from devices d
        where d.organization_id = $1 and d.event_id = $2 and d.id = any($3)
        "#,
        organization.get(),
        event.get(),
        devices
    )
    .fetch_all(&mut **tx)
    .await?;
    let has_lists = rows.iter().any(|row| row.has_lists);
    let reporters = rows.into_iter().map(|row| {
        let device = Device {
            id: DeviceId::new(row.id),
            organization,
            event,
            name: row.name,
            names: names(row.id, &row.names)?,
            works_until: row.works_until.map(jiff_sqlx::Timestamp::to_jiff),
            gate: row.gate,
            lease_until: row.lease_until.to_jiff(),
        };
        let reporter = Reporter {
            shut_out: row.revoked,
            last_seen_at: row.last_seen_at.to_jiff(),
            pending: row.pending,
            ends_at: row.ends_at.to_jiff(),
            device,
        };
        Ok((reporter.device.id, reporter))
    });
    Ok((reporters.collect::<Result<_, Unexpected>>()?, has_lists))
}

pub(in crate::checkin) async fn touch_devices(
    tx: &mut Tx,
    organization: OrganizationId,
    now: Timestamp,
    heard: &BTreeMap<DeviceId, Heard>,
) -> Result<(), Unexpected> {
    if heard.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = heard.keys().map(|device| device.get()).collect();
    let leases: Vec<_> = heard.values().map(|heard| sql(heard.lease_until)).collect();
    let pending: Vec<Option<i32>> = heard.values().map(|heard| heard.pending).collect();
    let batteries: Vec<Option<i16>> = heard.values().map(|heard| heard.battery).collect();
    let versions: Vec<Option<String>> = heard.values().map(|heard| heard.version.clone()).collect();
    sqlx::query!(
        r#"
        update devices d
        set last_seen_at = $2, lease_until = n.lease_until, pending = coalesce(n.pending, d.pending),
            battery = coalesce(n.battery, d.battery), version = coalesce(n.version, d.version)
        from unnest($3::uuid[], $4::timestamptz[], $5::integer[], $6::smallint[], $7::text[])
            as n (id, lease_until, pending, battery, version)
        where d.organization_id = $1 and d.id = n.id
        "#,
        organization.get(),
        sql(now) as _,
        &ids,
        &leases as _,
        &pending as &[Option<i32>],
        &batteries as &[Option<i16>],
        &versions as &[Option<String>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What is known of a device that has just been heard of.
pub(in crate::checkin) struct Heard {
    pub lease_until: Timestamp,
    /// Lines it has not sent yet, where it says so.
    pub pending: Option<i32>,
    /// Percent, where it says so.
    pub battery: Option<i16>,
    pub version: Option<String>,
}

pub(in crate::checkin) async fn revoke_device(
    tx: &mut Tx,
    organization: OrganizationId,
    device: DeviceId,
    now: Timestamp,
) -> Result<Option<EventId>, Unexpected> {
    let event = sqlx::query_scalar!(
        r#"
        update devices set revoked_at = coalesce(revoked_at, $3)
        where organization_id = $1 and id = $2
        returning event_id
        "#,
        organization.get(),
        device.get(),
        sql(now) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(event.map(EventId::new))
}

/// With what each let in, which was counted before.
pub(in crate::checkin) async fn devices(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    let_in: &BTreeMap<DeviceId, u32>,
) -> Result<Vec<DeviceView>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select d.id, d.name, d.gate, d.paired_at, d.last_seen_at, d.lease_until, d.pending, d.battery, d.version, d.names,
               d.revoked_at is not null as "revoked!"
        from devices d
        where d.organization_id = $1 and d.event_id = $2
        order by d.revoked_at is not null, d.paired_at desc, d.id
        limit 200
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(DeviceView {
                id: DeviceId::new(row.id),
                names: names(row.id, &row.names)?,
                battery: row.battery.and_then(|percent| u8::try_from(percent).ok()),
                version: row.version,
                name: row.name,
                gate: row.gate,
                paired_at: row.paired_at.to_jiff(),
                last_seen_at: row.last_seen_at.to_jiff(),
                lease_until: row.lease_until.to_jiff(),
                pending: u32::try_from(row.pending).unwrap_or_default(),
                admitted: let_in
                    .get(&DeviceId::new(row.id))
                    .copied()
                    .unwrap_or_default(),
                revoked: row.revoked,
            })
        })
        .collect()
}
