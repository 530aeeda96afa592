//! SQL of what devices know by heart.

use std::collections::HashMap;

use domain::checkin::Admission;
use domain::door::{Counters, DoorType};
use domain::ids::{CheckInListId, DeviceId, EventId, OrganizationId, TicketId};
use domain::tickets::{KeyRing, PublicKey};
use domain::when::Timestamp;
use uuid::Uuid;

use super::sql;
use crate::Unexpected;
use crate::checkin::Device;
use crate::checkin::rows::{EntryRow, count};
use crate::db::Tx;

pub(in crate::checkin) async fn key_ring(
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

pub(in crate::checkin) async fn types(
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

pub(in crate::checkin) async fn counters(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    now: Timestamp,
) -> Result<Counters, Unexpected> {
    let over = sqlx::query_scalar!(
        "select id from check_in_lists where organization_id = $1 and event_id = $2 and closes_at <= $3",
        organization.get(),
        event.get(),
        sql(now) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let row = sqlx::query!(
        r#"
        select (select count(*) from tickets
                where organization_id = $1 and event_id = $2 and state = 'valid') as sold,
               -- An evening that is over has nobody inside: whoever forgot to be scanned out has left.
               (select count(*) filter (where c.kind = 'admit') - count(*) filter (where c.kind = 'exit')
                from check_ins c
                where c.organization_id = $1 and c.event_id = $2 and c.kind in ('admit', 'exit')
                  and c.outcome = 'accepted' and (c.list_id is null or c.list_id <> all($3))) as inside
        "#,
        organization.get(),
        event.get(),
        &over
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(Counters {
        sold: count(row.sold),
        inside: count(row.inside),
    })
}

/// Tickets of the device's event in the order of their ids, without what happened at doors.
pub(in crate::checkin) async fn entries(
    tx: &mut Tx,
    device: &Device,
    after: TicketId,
    limit: i64,
) -> Result<Vec<EntryRow>, Unexpected> {
    Ok(sqlx::query_as!(
        EntryRow,
        r#"
        -- The page first: else orders are looked up for the whole list, each time.
        with page as materialized (
            select id, ticket_type_id, order_id, state, holder_name, passed_on
            from tickets
            where organization_id = $1 and event_id = $2 and id > $3
            order by id
            limit $4
        )
        select t.id, y.number, t.state, o.blocked, t.holder_name, o.code as order_code, o.door_note, t.passed_on > 0 as "passed_on!"
        from page t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        order by t.id
        "#,
        device.organization.get(),
        device.event.get(),
        after.get(),
        limit
    )
    .fetch_all(&mut **tx)
    .await?)
}

/// Of these, the ones that were issued, called off, blocked, noted, replaced or scanned since.
pub(in crate::checkin) async fn changed_entries(
    tx: &mut Tx,
    device: &Device,
    since: Timestamp,
    after: TicketId,
    limit: i64,
) -> Result<Vec<EntryRow>, Unexpected> {
    Ok(sqlx::query_as!(
        EntryRow,
        r#"
        select t.id, y.number, t.state, o.blocked, t.holder_name, o.code as order_code, o.door_note, t.passed_on > 0 as "passed_on!"
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        where t.organization_id = $1 and t.event_id = $2 and t.id > $3
          and (
            t.issued_at >= $4
            or t.cancelled_at >= $4
            or o.block_changed_at >= $4
            or o.door_note_at >= $4
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
    .await?)
}

/// The entries and exits of these tickets that count.
pub(in crate::checkin) async fn admissions(
    tx: &mut Tx,
    organization: OrganizationId,
    tickets: &[Uuid],
) -> Result<HashMap<TicketId, Vec<Admission>>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select c.ticket_id as "ticket_id!", c.scanned_at, c.gate, c.device_id, c.kind = 'exit' as "exit!",
               -- On a list that is gone: it counts against every one, as if there had been none.
               case when l.removed_at is null then c.list_id end as list_id
        from check_ins c
        left join check_in_lists l on l.organization_id = $1 and l.id = c.list_id
        where c.organization_id = $1 and c.ticket_id = any($2) and c.kind in ('admit', 'exit') and c.outcome = 'accepted'
        order by c.scanned_at, c.counter, c.device_id, c.id
        "#,
        organization.get(),
        tickets
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut known: HashMap<TicketId, Vec<Admission>> = HashMap::new();
    for row in rows {
        let its = known.entry(TicketId::new(row.ticket_id)).or_default();
        its.push(Admission {
            at: row.scanned_at.to_jiff(),
            gate: Some(row.gate).filter(|gate| !gate.is_empty()),
            device: DeviceId::new(row.device_id),
            list: row.list_id.map(CheckInListId::new),
            exit: row.exit,
        });
    }
    Ok(known)
}
