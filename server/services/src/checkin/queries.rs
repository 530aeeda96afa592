//! SQL of the door.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    checkin::{RosterEntry, ScanKind, ScanRecord},
    door::{Answer, Counters, DoorEvent, DoorType, ReportKind, Used},
    ids::{CheckInId, DeviceId, EventId, OrganizationId, TicketId, UserId},
    tickets::{KeyRing, PublicKey, TicketState},
    when::Timestamp,
};
use uuid::Uuid;

use super::{
    Device, DeviceView, ScanView,
    rows::{EntryRow, EventRow, Outcome, PairingRow, SettledRow, count},
};
use crate::{Unexpected, db::Tx};

fn sql(at: Timestamp) -> jiff_sqlx::Timestamp {
    at.into()
}

pub(super) async fn event(
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

pub(super) struct NewPairingRow {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub event: EventId,
    pub token_hash: Vec<u8>,
    pub gate: String,
    pub created_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

pub(super) async fn insert_pairing(tx: &mut Tx, new: &NewPairingRow) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into pairings (id, organization_id, event_id, token_hash, gate, created_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        new.id,
        new.organization.get(),
        new.event.get(),
        new.token_hash,
        new.gate,
        new.created_by.get(),
        sql(new.created_at) as _,
        sql(new.expires_at) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Found by its token, whichever organization it belongs to.
pub(super) async fn lock_pairing(
    tx: &mut Tx,
    token_hash: &[u8],
) -> Result<Option<PairingRow>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, organization_id, event_id, gate, expires_at, used_at is not null as "used!"
        from pairings where token_hash = $1
        for update
        "#,
        token_hash
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| PairingRow {
        id: row.id,
        organization: OrganizationId::new(row.organization_id),
        event: EventId::new(row.event_id),
        gate: row.gate,
        expires_at: row.expires_at.to_jiff(),
        used: row.used,
    }))
}

pub(super) async fn use_pairing(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<(), Unexpected> {
    sqlx::query!(
        "update pairings set used_at = $2 where id = $1",
        id,
        sql(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn insert_device(
    tx: &mut Tx,
    device: &Device,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into devices
            (id, organization_id, event_id, name, gate, token_hash, paired_at, last_seen_at, lease_until)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8)
        "#,
        device.id.get(),
        device.organization.get(),
        device.event.get(),
        device.name,
        device.gate,
        token_hash,
        sql(now) as _,
        sql(device.lease_until) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The device with this token, and whether it was shut out.
pub(super) async fn device_by_token(
    tx: &mut Tx,
    token_hash: &[u8],
) -> Result<Option<(Device, bool)>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select id, organization_id, event_id, name, gate, lease_until, revoked_at is not null as "revoked!"
        from devices where token_hash = $1
        "#,
        token_hash
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        let device = Device {
            id: DeviceId::new(row.id),
            organization: OrganizationId::new(row.organization_id),
            event: EventId::new(row.event_id),
            name: row.name,
            gate: row.gate,
            lease_until: row.lease_until.to_jiff(),
        };
        (device, row.revoked)
    }))
}

pub(super) async fn touch_device(
    tx: &mut Tx,
    device: &Device,
    now: Timestamp,
    lease_until: Timestamp,
    pending: Option<i32>,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update devices set last_seen_at = $3, lease_until = $4, pending = coalesce($5, pending)
        where organization_id = $1 and id = $2
        "#,
        device.organization.get(),
        device.id.get(),
        sql(now) as _,
        sql(lease_until) as _,
        pending
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn revoke_device(
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

pub(super) async fn key_ring(
    tx: &mut Tx,
    organization: OrganizationId,
) -> Result<KeyRing, Unexpected> {
    let rows = sqlx::query!(
        "select key_id, public_key from signing_keys where organization_id = $1 order by key_id",
        organization.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut ring = KeyRing::default();
    for row in rows {
        let bad = || Unexpected::bad_row("signing_keys", row.key_id, "key");
        let key_id = u32::try_from(row.key_id).map_err(|_| bad())?;
        ring.add(PublicKey {
            key_id,
            key: row.public_key.as_slice().try_into().map_err(|_| bad())?,
        });
    }
    Ok(ring)
}

pub(super) async fn types(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<DoorType>, Unexpected> {
    let rows = sqlx::query!(
        "select number, name from ticket_types where organization_id = $1 and event_id = $2 order by position, number",
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| DoorType {
            number: u16::try_from(row.number).unwrap_or_default(),
            name: row.name,
        })
        .collect())
}

pub(super) async fn counters(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Counters, Unexpected> {
    let row = sqlx::query!(
        r#"
        select count(*) filter (where t.state = 'valid') as sold, count(c.id) as inside
        from tickets t
        left join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted'
        where t.organization_id = $1 and t.event_id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Counters {
        sold: count(row.sold),
        inside: count(row.inside),
    })
}

/// Tickets of the device's event in the order of their ids.
pub(super) async fn entries(
    tx: &mut Tx,
    device: &Device,
    after: TicketId,
    limit: i64,
) -> Result<Vec<RosterEntry>, Unexpected> {
    let rows = sqlx::query_as!(
        EntryRow,
        r#"
        select t.id, y.number, t.state, t.holder_name, o.code as order_code,
               c.scanned_at as "at?", c.gate as "gate?", c.device_id as "device?"
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        left join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted'
        where t.organization_id = $1 and t.event_id = $2 and t.id > $3
        order by t.id
        limit $4
        "#,
        device.organization.get(),
        device.event.get(),
        after.get(),
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(RosterEntry::try_from).collect()
}

/// Of these, the ones that were issued, called off, replaced or scanned since.
pub(super) async fn changed_entries(
    tx: &mut Tx,
    device: &Device,
    since: Timestamp,
    after: TicketId,
    limit: i64,
) -> Result<Vec<RosterEntry>, Unexpected> {
    let rows = sqlx::query_as!(
        EntryRow,
        r#"
        select t.id, y.number, t.state, t.holder_name, o.code as order_code,
               c.scanned_at as "at?", c.gate as "gate?", c.device_id as "device?"
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        left join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted'
        where t.organization_id = $1 and t.event_id = $2 and t.id > $3
          and (
            t.issued_at >= $4
            or t.cancelled_at >= $4
            or exists (select from check_ins s where s.ticket_id = t.id and s.recorded_at >= $4)
            or (t.state = 'replaced' and exists (
                select from tickets n
                where n.order_line_id = t.order_line_id and n.n = t.n and n.issued_at >= $4))
          )
        order by t.id
        limit $5
        "#,
        device.organization.get(),
        device.event.get(),
        after.get(),
        sql(since) as _,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(RosterEntry::try_from).collect()
}

/// The tickets of the device's event among these, locked in the order of their ids.
pub(super) async fn lock_tickets(
    tx: &mut Tx,
    device: &Device,
    tickets: &BTreeSet<TicketId>,
) -> Result<BTreeMap<TicketId, TicketState>, Unexpected> {
    let ids: Vec<Uuid> = tickets.iter().map(|ticket| ticket.get()).collect();
    let rows = sqlx::query!(
        r#"
        select id, state from tickets
        where organization_id = $1 and event_id = $2 and id = any($3)
        order by id
        for update
        "#,
        device.organization.get(),
        device.event.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let state = TicketState::from_code(&row.state)
                .ok_or_else(|| Unexpected::bad_row("tickets", row.id, &row.state))?;
            Ok((TicketId::new(row.id), state))
        })
        .collect()
}

/// The ticket of an admission that this device made itself.
pub(super) async fn admission_to_undo(
    tx: &mut Tx,
    device: &Device,
    id: CheckInId,
) -> Result<Option<TicketId>, Unexpected> {
    let ticket = sqlx::query_scalar!(
        r#"
        select ticket_id from check_ins
        where organization_id = $1 and device_id = $2 and id = $3 and kind = 'admit'
        "#,
        device.organization.get(),
        device.id.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(ticket.flatten().map(TicketId::new))
}

pub(super) struct NewScan {
    pub id: CheckInId,
    pub ticket: Option<TicketId>,
    pub kind: ReportKind,
    pub verdict: String,
    pub outcome: Outcome,
    pub scanned_at: Timestamp,
    pub counter: i64,
    pub undoes: Option<CheckInId>,
    pub recorded_at: Timestamp,
}

pub(super) enum Inserted {
    New,
    /// This device reported this very scan before.
    Known,
    Clash,
}

pub(super) async fn insert_scan(
    tx: &mut Tx,
    device: &Device,
    new: &NewScan,
) -> Result<Inserted, Unexpected> {
    let kind = match new.kind {
        ReportKind::Admit => "admit",
        ReportKind::Refuse => "refuse",
        ReportKind::Undo { .. } => "undo",
    };
    let done = sqlx::query!(
        r#"
        insert into check_ins
            (id, organization_id, event_id, device_id, ticket_id, kind, verdict, outcome, gate, scanned_at, counter,
             undoes, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        on conflict do nothing
        "#,
        new.id.get(),
        device.organization.get(),
        device.event.get(),
        device.id.get(),
        new.ticket.map(TicketId::get),
        kind,
        new.verdict,
        new.outcome.code(),
        device.gate,
        sql(new.scanned_at) as _,
        new.counter,
        new.undoes.map(CheckInId::get),
        sql(new.recorded_at) as _
    )
    .execute(&mut **tx)
    .await?;
    if done.rows_affected() == 1 {
        return Ok(Inserted::New);
    }
    let known = sqlx::query_scalar!(
        r#"
        select exists (
            select from check_ins where organization_id = $1 and device_id = $2 and id = $3 and counter = $4
        ) as "known!"
        "#,
        device.organization.get(),
        device.id.get(),
        new.id.get(),
        new.counter
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(if known {
        Inserted::Known
    } else {
        Inserted::Clash
    })
}

/// The stamp is renewed, so that other devices hear of it.
pub(super) async fn mark_undone(
    tx: &mut Tx,
    device: &Device,
    id: CheckInId,
    now: Timestamp,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update check_ins set outcome = 'undone', recorded_at = $3
        where organization_id = $1 and id = $2 and kind = 'admit' and outcome in ('accepted', 'conflict')
        "#,
        device.organization.get(),
        id.get(),
        sql(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The admissions of these tickets that were neither undone nor void, from all devices.
pub(super) async fn standing_admissions(
    tx: &mut Tx,
    device: &Device,
    tickets: &[TicketId],
) -> Result<Vec<(ScanRecord, Outcome)>, Unexpected> {
    let ids: Vec<Uuid> = tickets.iter().map(|ticket| ticket.get()).collect();
    let rows = sqlx::query!(
        r#"
        select id, ticket_id as "ticket_id!", device_id, gate, scanned_at, counter, outcome
        from check_ins
        where organization_id = $1 and ticket_id = any($2) and kind = 'admit' and outcome in ('accepted', 'conflict')
        "#,
        device.organization.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let record = ScanRecord {
                at: row.scanned_at.to_jiff(),
                counter: u64::try_from(row.counter).unwrap_or(u64::MAX),
                device: DeviceId::new(row.device_id),
                id: CheckInId::new(row.id),
                ticket: TicketId::new(row.ticket_id),
                gate: Some(row.gate).filter(|gate| !gate.is_empty()),
                kind: ScanKind::Admit,
            };
            Ok((record, Outcome::parse(row.id, &row.outcome)?))
        })
        .collect()
}

pub(super) async fn set_outcome(
    tx: &mut Tx,
    device: &Device,
    scans: &[CheckInId],
    outcome: Outcome,
) -> Result<(), Unexpected> {
    if scans.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = scans.iter().map(|scan| scan.get()).collect();
    sqlx::query!(
        "update check_ins set outcome = $3 where organization_id = $1 and id = any($2)",
        device.organization.get(),
        &ids,
        outcome.code()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What became of these scans of the device, with the admission that counts where there is another.
pub(super) async fn settled(
    tx: &mut Tx,
    device: &Device,
    scans: &[CheckInId],
) -> Result<BTreeMap<CheckInId, SettledRow>, Unexpected> {
    let ids: Vec<Uuid> = scans.iter().map(|scan| scan.get()).collect();
    let rows = sqlx::query!(
        r#"
        select s.id, s.outcome, c.scanned_at as "at?", c.gate as "gate?", d.name as "device_name?"
        from check_ins s
        left join check_ins c
            on c.ticket_id = s.ticket_id and c.kind = 'admit' and c.outcome = 'accepted' and c.id <> s.id
        left join devices d on d.id = c.device_id
        where s.organization_id = $1 and s.device_id = $2 and s.id = any($3)
        "#,
        device.organization.get(),
        device.id.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let used = match (row.at, row.device_name) {
                (Some(at), Some(device_name)) => Some(Used {
                    at: at.to_jiff(),
                    gate: row.gate.filter(|gate| !gate.is_empty()),
                    device_name,
                }),
                _ => None,
            };
            Ok((
                CheckInId::new(row.id),
                SettledRow {
                    outcome: Outcome::parse(row.id, &row.outcome)?,
                    used,
                },
            ))
        })
        .collect()
}

pub(super) async fn devices(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<DeviceView>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select d.id, d.name, d.gate, d.paired_at, d.last_seen_at, d.lease_until, d.pending,
               d.revoked_at is not null as "revoked!",
               (select count(*) from check_ins c
                where c.device_id = d.id and c.kind = 'admit' and c.outcome = 'accepted') as admitted
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
    Ok(rows
        .into_iter()
        .map(|row| DeviceView {
            id: DeviceId::new(row.id),
            name: row.name,
            gate: row.gate,
            paired_at: row.paired_at.to_jiff(),
            last_seen_at: row.last_seen_at.to_jiff(),
            lease_until: row.lease_until.to_jiff(),
            pending: u32::try_from(row.pending).unwrap_or_default(),
            admitted: count(row.admitted),
            revoked: row.revoked,
        })
        .collect())
}

/// The newest lines of the log; of those that need a look only, when asked.
pub(super) async fn scans(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    only_troubled: bool,
    limit: i64,
) -> Result<Vec<ScanView>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select c.id, c.scanned_at, c.gate, d.name as device_name, c.verdict, c.kind, c.outcome,
               t.holder_name as "holder?", y.name as "ticket_type?", o.code as "order_code?"
        from check_ins c
        join devices d on d.id = c.device_id
        left join tickets t on t.id = c.ticket_id
        left join ticket_types y on y.id = t.ticket_type_id
        left join orders o on o.id = t.order_id
        where c.organization_id = $1 and c.event_id = $2 and c.kind <> 'undo'
          and (not $3 or c.outcome in ('conflict', 'late_revoked'))
        order by c.scanned_at desc, c.id desc
        limit $4
        "#,
        organization.get(),
        event.get(),
        only_troubled,
        limit
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let outcome = Outcome::parse(row.id, &row.outcome)?;
            Ok(ScanView {
                id: CheckInId::new(row.id),
                at: row.scanned_at.to_jiff(),
                gate: row.gate,
                device_name: row.device_name,
                holder: row.holder,
                ticket_type: row.ticket_type,
                order_code: row.order_code,
                verdict: row.verdict,
                let_in: row.kind == "admit",
                undone: outcome == Outcome::Undone,
                fate: match outcome {
                    Outcome::Accepted | Outcome::Undone => Answer::Accepted,
                    Outcome::Conflict => Answer::Conflict,
                    Outcome::LateRevoked => Answer::LateRevoked,
                    Outcome::Refused => Answer::Refused,
                },
            })
        })
        .collect()
}
