//! The order in which a scanner asks the lists.

use domain::ids::{CheckInListId, EventId};
use uuid::Uuid;

use crate::{
    Services,
    checkin::change::{DoorError, locked},
    permit::{ManageDevices, Permit},
};

/// Which way in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

/// Moves a list by one place. The first stays first and the last stays last.
pub async fn move_list(
    sv: &Services,
    permit: &Permit<ManageDevices>,
    event: EventId,
    id: CheckInListId,
    way: Way,
) -> Result<(), DoorError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    locked(&mut tx, permit, event).await?;
    let mut order: Vec<Uuid> = sqlx::query_scalar!(
        r#"
        select id from check_in_lists
        where organization_id = $1 and event_id = $2 and removed_at is null
        order by position, id
        "#,
        permit.organization().get(),
        event.get()
    )
    .fetch_all(&mut *tx)
    .await?;
    let here = order
        .iter()
        .position(|one| *one == id.get())
        .ok_or(DoorError::NotFound)?;
    let there = match way {
        Way::Up => here.checked_sub(1),
        Way::Down => Some(here + 1).filter(|there| *there < order.len()),
    };
    let Some(there) = there else {
        return Ok(());
    };
    order.swap(here, there);
    sqlx::query!(
        r#"
        update check_in_lists l set position = n.place - 1
        from unnest($2::uuid[]) with ordinality as n (id, place)
        where l.organization_id = $1 and l.id = n.id
        "#,
        permit.organization().get(),
        &order
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}
