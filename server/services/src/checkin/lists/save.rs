//! A list is made or changed.

use domain::{
    ids::{CheckInListId, EventId},
    text::{Fault, FieldErrors},
};

use super::form::{ListForm, NewList, read};
use crate::{
    Services, Unexpected,
    checkin::change::{DoorError, locked, record},
    db::Tx,
    permit::{ManageDevices, Permit},
    rows::at,
};

/// A scanner asks them one after the other, and so must the people who made them.
pub const MOST_LISTS: i64 = 50;

/// Makes a list, the last to be asked, or changes one (`id`). Once somebody has come in on it, it may admit more often but
/// not less often: entries that count would turn into conflicts.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn save_list(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    id: Option<CheckInListId>,
    form: &ListForm,
) -> Result<CheckInListId, DoorError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let about = locked(&mut tx, permit, event).await?;
    let known = sqlx::query_scalar!(
        "select id from ticket_types where organization_id = $1 and event_id = $2",
        permit.organization().get(),
        event.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let new = read(form, &about.time_zone, &known)?;
    let there = sqlx::query!(
        r#"
        select count(*) as "number!", coalesce(max(position), -1) + 1 as "next!",
               coalesce(bool_or(lower(name) = lower($3) and id is distinct from $4), false) as "taken!",
               coalesce(bool_or(id = $4), false) as "known!"
        from check_in_lists
        where organization_id = $1 and event_id = $2 and removed_at is null
        "#,
        permit.organization().get(),
        event.get(),
        new.name,
        id.map(CheckInListId::get)
    )
    .fetch_one(&mut *tx)
    .await?;
    if there.taken {
        return Err(FieldErrors::one("name", Fault::Taken).into());
    }
    let (id, action) = match id {
        Some(_) if !there.known => return Err(DoorError::NotFound),
        Some(id) => {
            stays_as_wide(&mut tx, permit, id, &new).await?;
            update(&mut tx, permit, id, &new).await?;
            (id, "door.change_list")
        }
        None if there.number >= MOST_LISTS => return Err(DoorError::TooMany),
        None => {
            let id = CheckInListId::new(sv.new_id());
            let position = i16::try_from(there.next).unwrap_or(i16::MAX);
            insert(sv, &mut tx, permit, (event, id, position), &new).await?;
            (id, "door.add_list")
        }
    };
    set_types(&mut tx, permit, id, &new).await?;
    let told = serde_json::json!({
        "name": new.name,
        "gates": new.gates,
        "times": new.times,
        "reentry": new.reentry,
        "from": new.opens.map(|at| at.to_string()),
        "until": new.closes.map(|at| at.to_string()),
    });
    record(sv, &mut tx, permit, &about, action, Some(told)).await?;
    tx.commit().await?;
    Ok(id)
}

async fn insert(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<ManageDevices>,
    (event, id, position): (EventId, CheckInListId, i16),
    new: &NewList,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into check_in_lists (id, organization_id, event_id, name, position, all_types, gates, opens_at, closes_at,
                                    times, reentry, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        "#,
        id.get(),
        permit.organization().get(),
        event.get(),
        new.name,
        position,
        new.types.is_empty(),
        new.gates.as_deref(),
        new.opens.map(at) as _,
        new.closes.map(at) as _,
        new.times,
        new.reentry,
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn update(
    tx: &mut Tx,
    permit: &Permit<ManageDevices>,
    id: CheckInListId,
    new: &NewList,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update check_in_lists
        set name = $3, all_types = $4, gates = $5, opens_at = $6, closes_at = $7, times = $8, reentry = $9
        where organization_id = $1 and id = $2
        "#,
        permit.organization().get(),
        id.get(),
        new.name,
        new.types.is_empty(),
        new.gates.as_deref(),
        new.opens.map(at) as _,
        new.closes.map(at) as _,
        new.times,
        new.reentry
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "delete from check_in_list_types where organization_id = $1 and list_id = $2",
        permit.organization().get(),
        id.get()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn stays_as_wide(
    tx: &mut Tx,
    permit: &Permit<ManageDevices>,
    id: CheckInListId,
    new: &NewList,
) -> Result<(), DoorError> {
    let used = sqlx::query!(
        r#"
        select times, reentry from check_in_lists l
        where l.organization_id = $1 and l.id = $2
          and exists (select from check_ins c where c.organization_id = $1 and c.list_id = l.id and c.outcome = 'accepted')
        "#,
        permit.organization().get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    match used {
        Some(before) if new.times < before.times || before.reentry && !new.reentry => {
            let min = i64::from(before.times);
            let field = if new.times < before.times {
                ("times", Fault::TooSmall { min })
            } else {
                ("reentry", Fault::InUse)
            };
            Err(FieldErrors::one(field.0, field.1).into())
        }
        _ => Ok(()),
    }
}

async fn set_types(
    tx: &mut Tx,
    permit: &Permit<ManageDevices>,
    id: CheckInListId,
    new: &NewList,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into check_in_list_types (list_id, ticket_type_id, organization_id)
        select $2, kind, $1 from unnest($3::uuid[]) as kind
        "#,
        permit.organization().get(),
        id.get(),
        &new.types
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
