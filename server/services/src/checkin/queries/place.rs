//! SQL of where a scanner stands: lists, openings, and what holds for all doors of an event.

use std::collections::BTreeMap;

use domain::checkin::{CheckInList, Opening, Place, Uses};
use domain::door::{DoorEvent, DoorMessage, Pin};
use domain::ids::{CheckInListId, EventId, OrganizationId};
use domain::when::{Timestamp, ValidityWindow};

use crate::Unexpected;
use crate::checkin::Device;
use crate::db::Tx;

fn uses(times: i16, reentry: bool) -> Uses {
    Uses {
        times: u16::try_from(times).unwrap_or(1),
        reentry,
    }
}

/// The lists that are asked at an event's doors, in their order.
pub(in crate::checkin) async fn lists(
    tx: &mut Tx,
    organization: OrganizationId,
    event: &DoorEvent,
) -> Result<Vec<CheckInList>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select l.id, l.name, l.all_types, l.gates, l.opens_at as "opens_at: jiff_sqlx::Timestamp",
               l.closes_at as "closes_at: jiff_sqlx::Timestamp", l.times, l.reentry,
               array(select y.number from check_in_list_types t join ticket_types y on y.id = t.ticket_type_id
                     where t.list_id = l.id) as "types!"
        from check_in_lists l
        where l.organization_id = $1 and l.event_id = $2 and l.removed_at is null
        order by l.position, l.id
        "#,
        organization.get(),
        event.id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let open_end = |at: Option<jiff_sqlx::Timestamp>, otherwise: Timestamp| {
        at.map_or(otherwise, jiff_sqlx::Timestamp::to_jiff)
    };
    Ok(rows
        .into_iter()
        .map(|row| CheckInList {
            id: CheckInListId::new(row.id),
            name: row.name,
            types: (!row.all_types).then(|| {
                let numbers = row.types.into_iter();
                numbers.filter_map(|n| u16::try_from(n).ok()).collect()
            }),
            gates: row.gates.map(|gates| gates.into_iter().collect()),
            window: ValidityWindow {
                from: open_end(row.opens_at, event.window.from),
                until: open_end(row.closes_at, event.window.until),
            },
            uses: uses(row.times, row.reentry),
        })
        .collect())
}

/// How a list of an event counts, also one that is gone.
#[derive(Clone, Copy)]
pub(in crate::checkin) struct ListRule {
    pub uses: Uses,
    pub removed_at: Option<Timestamp>,
}

/// How the lists of an event count.
pub(in crate::checkin) async fn list_rules(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<BTreeMap<CheckInListId, ListRule>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select id, times, reentry, removed_at as "removed_at: jiff_sqlx::Timestamp"
        from check_in_lists where organization_id = $1 and event_id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let rule = ListRule {
                uses: uses(row.times, row.reentry),
                removed_at: row.removed_at.map(jiff_sqlx::Timestamp::to_jiff),
            };
            (CheckInListId::new(row.id), rule)
        })
        .collect())
}

/// The door of a device.
pub(in crate::checkin) async fn place(
    tx: &mut Tx,
    device: &Device,
    event: &DoorEvent,
) -> Result<Place, Unexpected> {
    let (organization, id) = (device.organization.get(), device.event.get());
    let types = sqlx::query!(
        r#"
        select y.number, y.door_note, array(select g.gate from gate_openings g where g.ticket_type_id = y.id) as "opened!"
        from ticket_types y
        where y.organization_id = $1 and y.event_id = $2
          and (y.door_note is not null or exists (select from gate_openings g where g.ticket_type_id = y.id))
        "#,
        organization,
        id
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut place = Place {
        gate: device.gate.clone(),
        lists: lists(tx, device.organization, event).await?,
        ..Place::default()
    };
    for row in types {
        let Ok(type_number) = u16::try_from(row.number) else {
            continue;
        };
        if let Some(note) = row.door_note {
            place.type_notes.insert(type_number, note);
        }
        let opened = row.opened.into_iter();
        place
            .openings
            .extend(opened.map(|gate| Opening { gate, type_number }));
    }
    Ok(place)
}

/// Names of gates that an event knows: of its lists, and of scanners that were paired for one.
pub(in crate::checkin) async fn gates(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<String>, Unexpected> {
    let rows = sqlx::query_scalar!(
        r#"
        select gate as "gate!" from (
            select unnest(gates) as gate from check_in_lists
            where organization_id = $1 and event_id = $2 and removed_at is null
            union
            select gate from gate_openings where organization_id = $1 and event_id = $2
            union
            select gate from devices where organization_id = $1 and event_id = $2 and revoked_at is null and gate <> '') as g
        order by gate
        limit 100
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows)
}

/// What holds for all doors of an event.
pub(in crate::checkin) async fn settings(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<(Option<Pin>, Option<DoorMessage>), Unexpected> {
    let row = sqlx::query!(
        r#"
        select pin_salt, pin_hash, message, message_at as "message_at: jiff_sqlx::Timestamp"
        from door_settings where organization_id = $1 and event_id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else {
        return Ok((None, None));
    };
    let pin = row
        .pin_salt
        .zip(row.pin_hash)
        .map(|(salt, hash)| Pin { salt, hash });
    let message = row
        .message
        .zip(row.message_at)
        .map(|(text, at)| DoorMessage {
            text,
            sent_at: at.to_jiff(),
        });
    Ok((pin, message))
}
