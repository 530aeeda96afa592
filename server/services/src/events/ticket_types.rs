//! What can be bought: names, prices, limits, sales windows, and the pools a ticket takes its place from.

mod form;
mod payable;
pub(super) mod phases;

pub(super) use form::price;
pub(super) use payable::point_out;

use domain::{
    ids::{EventId, OrganizationId, PoolId, TicketTypeId},
    text::{Fault, FieldErrors},
};

pub use form::TicketTypeInput;
use form::{Checked, check};
pub use phases::{PricePhaseInput, move_price_phase, remove_price_phase, save_price_phase};

use super::{
    EventError,
    change::{is_sold, lock_open, tell},
    pools,
};
use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{ManageTickets, Permit},
};

const MOST: i64 = 40;

/// Which way in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Up,
    Down,
}

#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn add_ticket_type(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    cmd: TicketTypeInput,
) -> Result<TicketTypeId, EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock_open(&mut tx, organization, event).await?;
    let new = check(&cmd, &locked)?;
    payable::check(sv, &mut tx, (organization, event), &new.asked(&locked)).await?;
    let there = sqlx::query!(
        r#"
        select count(*) as "count!", coalesce(max(number), 0) + 1 as "number!", coalesce(max(position), 0) + 1 as "position!"
        from ticket_types where organization_id = $1 and event_id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_one(&mut *tx)
    .await?;
    if there.count >= MOST {
        return Err(EventError::TooMany);
    }
    let id = TicketTypeId::new(sv.new_id());
    sqlx::query!(
        r#"
        insert into ticket_types (
            id, organization_id, event_id, number, name, description, price_minor, min_per_order, max_per_order,
            sales_from, sales_until, position, created_at, max_per_customer, tax_rate, door_note
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        "#,
        id.get(),
        organization.get(),
        event.get(),
        i16::try_from(there.number).unwrap_or(i16::MAX),
        new.name,
        new.description,
        new.price_minor,
        new.min,
        new.max,
        new.from.map(jiff_sqlx::Timestamp::from) as _,
        new.until.map(jiff_sqlx::Timestamp::from) as _,
        i16::try_from(there.position).unwrap_or(i16::MAX),
        jiff_sqlx::Timestamp::from(sv.now()) as _,
        new.max_per_customer,
        new.tax_rate,
        new.door_note
    )
    .execute(&mut *tx)
    .await?;
    let pools = chosen_pools(sv, &mut tx, organization, event, &cmd, &new).await?;
    link(&mut tx, organization, id, &pools).await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a type. A new price is for those who choose from now on: what was promised to a hold stays promised.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn edit_ticket_type(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    id: TicketTypeId,
    cmd: TicketTypeInput,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock_open(&mut tx, organization, event).await?;
    let new = check(&cmd, &locked)?;
    let asked = new.asked(&locked);
    // Fees and taxes may have changed since: whoever corrects a word need not change the price.
    if asked != payable::stored(&mut tx, (organization, event, id), locked.currency).await? {
        payable::check(sv, &mut tx, (organization, event), &asked).await?;
    }
    if new.price_minor == 0 && phases::has(&mut tx, organization, id).await? {
        // A list of free events must not name one that only becomes free.
        return Err(FieldErrors::one("price", Fault::Required).into());
    }
    let saved = sqlx::query!(
        r#"
        update ticket_types
        set name = $4, description = $5, price_minor = $6, min_per_order = $7, max_per_order = $8,
            sales_from = $9, sales_until = $10, max_per_customer = $11, tax_rate = $12, door_note = $13
        where organization_id = $1 and event_id = $2 and id = $3
        "#,
        organization.get(),
        event.get(),
        id.get(),
        new.name,
        new.description,
        new.price_minor,
        new.min,
        new.max,
        new.from.map(jiff_sqlx::Timestamp::from) as _,
        new.until.map(jiff_sqlx::Timestamp::from) as _,
        new.max_per_customer,
        new.tax_rate,
        new.door_note
    )
    .execute(&mut *tx)
    .await?;
    if saved.rows_affected() == 0 {
        return Err(EventError::NotFound);
    }
    let mut before = linked(&mut tx, organization, id).await?;
    let mut pools = chosen_pools(sv, &mut tx, organization, event, &cmd, &new).await?;
    before.sort_unstable();
    pools.sort_unstable();
    if before != pools {
        // Places already taken are counted in the old pools; moving them would make the counts lie.
        if is_sold(&mut tx, organization, event).await? {
            return Err(EventError::AlreadySold);
        }
        sqlx::query!(
            "delete from ticket_type_pools where organization_id = $1 and ticket_type_id = $2",
            organization.get(),
            id.get()
        )
        .execute(&mut *tx)
        .await?;
        link(&mut tx, organization, id, &pools).await?;
    }
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Pauses ("paused"), resumes ("active") or puts away ("archived") a type. Sold tickets are not touched.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_ticket_type_state(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    id: TicketTypeId,
    state: &str,
) -> Result<(), EventError> {
    if !matches!(state, "active" | "paused" | "archived") {
        return Err(FieldErrors::one("state", Fault::UnknownChoice).into());
    }
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    let saved = sqlx::query!(
        "update ticket_types set state = $4 where organization_id = $1 and event_id = $2 and id = $3",
        organization.get(),
        event.get(),
        id.get(),
        state
    )
    .execute(&mut *tx)
    .await?;
    if saved.rows_affected() == 0 {
        return Err(EventError::NotFound);
    }
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Moves a type one place up or down in the list.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn move_ticket_type(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    id: TicketTypeId,
    to: Move,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    let mut order = sqlx::query_scalar!(
        r#"
        select id from ticket_types where organization_id = $1 and event_id = $2 and state <> 'archived'
        order by position, number
        "#,
        organization.get(),
        event.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let at = order
        .iter()
        .position(|other| *other == id.get())
        .ok_or(EventError::NotFound)?;
    let with = match to {
        Move::Up => at.checked_sub(1),
        Move::Down => Some(at + 1).filter(|with| *with < order.len()),
    };
    if let Some(with) = with {
        order.swap(at, with);
        sqlx::query!(
            r#"
            update ticket_types t set position = o.n::smallint
            from unnest($2::uuid[]) with ordinality as o (id, n)
            where t.id = o.id and t.organization_id = $1
            "#,
            organization.get(),
            &order
        )
        .execute(&mut *tx)
        .await?;
        tell(sv, &mut tx, organization, event, None).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The chosen pools of this event, or a new one of its own.
async fn chosen_pools(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    cmd: &TicketTypeInput,
    new: &Checked,
) -> Result<Vec<PoolId>, EventError> {
    if let Some(capacity) = new.own_capacity {
        let mut named = pools::insert(sv, tx, organization, event, &new.name, capacity).await;
        for number in 2..10 {
            if !matches!(named, Err(EventError::Fields(_))) {
                break;
            }
            let name: String = new.name.chars().take(70).collect();
            named = pools::insert(
                sv,
                tx,
                organization,
                event,
                &format!("{name} {number}"),
                capacity,
            )
            .await;
        }
        return Ok(vec![named?]);
    }
    let wanted: Vec<uuid::Uuid> = cmd.pools.iter().map(|pool| pool.get()).collect();
    let found = sqlx::query_scalar!(
        "select id from pools where organization_id = $1 and event_id = $2 and id = any($3)",
        organization.get(),
        event.get(),
        &wanted
    )
    .fetch_all(&mut **tx)
    .await?;
    let found: Vec<PoolId> = found.into_iter().map(PoolId::new).collect();
    if cmd.pools.iter().all(|pool| found.contains(pool)) {
        Ok(found)
    } else {
        Err(FieldErrors::one("pools", Fault::UnknownChoice).into())
    }
}

async fn linked(
    tx: &mut Tx,
    organization: OrganizationId,
    id: TicketTypeId,
) -> Result<Vec<PoolId>, Unexpected> {
    let rows = sqlx::query_scalar!(
        "select pool_id from ticket_type_pools where organization_id = $1 and ticket_type_id = $2",
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(PoolId::new).collect())
}

async fn link(
    tx: &mut Tx,
    organization: OrganizationId,
    id: TicketTypeId,
    pools: &[PoolId],
) -> Result<(), Unexpected> {
    let pools: Vec<uuid::Uuid> = pools.iter().map(|pool| pool.get()).collect();
    sqlx::query!(
        r#"
        insert into ticket_type_pools (organization_id, ticket_type_id, pool_id)
        select $1, $2, pool from unnest($3::uuid[]) as pool
        "#,
        organization.get(),
        id.get(),
        &pools
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
