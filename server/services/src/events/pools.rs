//! Capacity that ticket types draw from, alone or together.

use domain::{
    ids::{EventId, OrganizationId, PoolId},
    text::{Fault, FieldErrors, line},
};

use super::{
    EventError,
    change::{lock_open, tell},
    input,
};
use crate::{
    Services, Unexpected,
    db::Tx,
    error::constraint,
    permit::{ManageTickets, Permit},
};

const MOST: i64 = 40;

#[derive(Debug, Default, Clone)]
pub struct PoolInput {
    pub name: String,
    pub capacity: String,
}

#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn add_pool(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    cmd: PoolInput,
) -> Result<PoolId, EventError> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 1, 80));
    let capacity = errors.field("capacity", input::capacity(&cmd.capacity, 0));
    errors.finish()?;
    let (Some(name), Some(capacity)) = (name, capacity) else {
        return Err(EventError::NotFound);
    };
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    let pool = insert(sv, &mut tx, organization, event, &name, capacity).await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(pool)
}

pub(super) async fn insert(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    name: &str,
    capacity: i32,
) -> Result<PoolId, EventError> {
    let there = sqlx::query!(
        r#"
        select count(*) as "count!", coalesce(max(position), 0) + 1 as "next!",
               coalesce(bool_or(name = $3), false) as "taken!"
        from pools where organization_id = $1 and event_id = $2
        "#,
        organization.get(),
        event.get(),
        name
    )
    .fetch_one(&mut **tx)
    .await?;
    if there.count >= MOST {
        return Err(EventError::TooMany);
    }
    if there.taken {
        return Err(FieldErrors::one("name", Fault::Taken).into());
    }
    let id = sv.new_id();
    sqlx::query!(
        r#"
        insert into pools (id, organization_id, event_id, name, capacity, position)
        values ($1, $2, $3, $4, $5, $6)
        "#,
        id,
        organization.get(),
        event.get(),
        name,
        capacity,
        i16::try_from(there.next).unwrap_or(i16::MAX)
    )
    .execute(&mut **tx)
    .await?;
    Ok(PoolId::new(id))
}

/// Renames a pool or changes its capacity, which never goes below what is sold and held.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn edit_pool(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    pool: PoolId,
    cmd: PoolInput,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    let taken = sqlx::query_scalar!(
        r#"
        select held + sold as "taken!" from pools
        where organization_id = $1 and event_id = $2 and id = $3
        for update
        "#,
        organization.get(),
        event.get(),
        pool.get()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(EventError::NotFound)?;
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 1, 80));
    let capacity = errors.field("capacity", input::capacity(&cmd.capacity, i64::from(taken)));
    errors.finish()?;
    let (Some(name), Some(capacity)) = (name, capacity) else {
        return Err(EventError::NotFound);
    };
    let saved = sqlx::query!(
        "update pools set name = $3, capacity = $4 where organization_id = $1 and id = $2",
        organization.get(),
        pool.get(),
        name,
        capacity
    )
    .execute(&mut *tx)
    .await;
    match saved {
        Ok(_) => {}
        Err(e) if constraint(&e) == Some("pools_event_id_name_key") => {
            return Err(FieldErrors::one("name", Fault::Taken).into());
        }
        Err(e) => return Err(Unexpected::from(e).into()),
    }
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes a pool that nothing draws from and nothing was sold from.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn remove_pool(
    sv: &Services,
    permit: &Permit<ManageTickets>,
    event: EventId,
    pool: PoolId,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_open(&mut tx, organization, event).await?;
    let free = sqlx::query_scalar!(
        r#"
        select (held + sold = 0 and not exists (select from ticket_type_pools x where x.pool_id = p.id)) as "free!"
        from pools p
        where organization_id = $1 and event_id = $2 and id = $3
        for update
        "#,
        organization.get(),
        event.get(),
        pool.get()
    )
    .fetch_optional(&mut *tx)
    .await?
    .ok_or(EventError::NotFound)?;
    if !free {
        return Err(EventError::PoolInUse);
    }
    sqlx::query!(
        "delete from pools where organization_id = $1 and id = $2",
        organization.get(),
        pool.get()
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}
