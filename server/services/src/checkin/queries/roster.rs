//! SQL of what devices know by heart.

use domain::checkin::RosterEntry;
use domain::door::{Counters, DoorType};
use domain::ids::{EventId, OrganizationId, TicketId};
use domain::tickets::{KeyRing, PublicKey};
use domain::when::Timestamp;

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
) -> Result<Counters, Unexpected> {
    let row = sqlx::query!(
        r#"
        select (select count(*) from tickets
                where organization_id = $1 and event_id = $2 and state = 'valid') as sold,
               (select count(*) from check_ins
                where organization_id = $1 and event_id = $2 and kind = 'admit' and outcome = 'accepted') as inside
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

/// Tickets of the device's event in the order of their ids. One whose payment is disputed is shown as called off.
pub(in crate::checkin) async fn entries(
    tx: &mut Tx,
    device: &Device,
    after: TicketId,
    limit: i64,
) -> Result<Vec<RosterEntry>, Unexpected> {
    let rows = sqlx::query_as!(
        EntryRow,
        r#"
        select t.id, y.number, case when o.blocked and t.state = 'valid' then 'cancelled' else t.state end as "state!",
               t.holder_name, o.code as order_code,
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

/// Of these, the ones that were issued, called off, blocked, replaced or scanned since.
pub(in crate::checkin) async fn changed_entries(
    tx: &mut Tx,
    device: &Device,
    since: Timestamp,
    after: TicketId,
    limit: i64,
) -> Result<Vec<RosterEntry>, Unexpected> {
    let rows = sqlx::query_as!(
        EntryRow,
        r#"
        select t.id, y.number, case when o.blocked and t.state = 'valid' then 'cancelled' else t.state end as "state!",
               t.holder_name, o.code as order_code,
               c.scanned_at as "at?", c.gate as "gate?", c.device_id as "device?"
        from tickets t
        join ticket_types y on y.id = t.ticket_type_id
        join orders o on o.id = t.order_id
        left join check_ins c on c.ticket_id = t.id and c.kind = 'admit' and c.outcome = 'accepted'
        where t.organization_id = $1 and t.event_id = $2 and t.id > $3
          and (
            t.issued_at >= $4
            or t.cancelled_at >= $4
            or o.block_changed_at >= $4
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
