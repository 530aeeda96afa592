//! Gives an event a waiting room, or takes it away.

use domain::{ids::EventId, waiting_room::commitment};
use uuid::Uuid;

use super::queries;
use crate::{
    Services, Unexpected,
    db::Tx,
    events::{self, EventError},
    permit::{ManageWaitingRooms, Permit},
    reseal,
};

/// Switched on, the room is a new one: it is empty, and its order will be drawn from a new seed. Nothing happens where it
/// is as it should be already.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn set_waiting_room(
    sv: &Services,
    permit: &Permit<ManageWaitingRooms>,
    event: EventId,
    on: bool,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    events::lock_open(&mut tx, organization, event).await?;
    let changed = sqlx::query_scalar!(
        r#"
        update events set waiting_room = $3
        where organization_id = $1 and id = $2 and waiting_room <> $3
        returning slug
        "#,
        organization.get(),
        event.get(),
        on
    )
    .fetch_optional(&mut *tx)
    .await?;
    let Some(slug) = changed else { return Ok(()) };
    if on {
        let mut seed = [0; 32];
        sv.entropy.fill(&mut seed);
        let room = sv.new_id();
        let sealed = sv
            .seal
            .seal(sv.entropy.as_ref(), &seed_place(room), &seed)?;
        let made = (room, sealed.as_slice(), commitment(&seed));
        queries::renew(
            &mut tx,
            (organization, event),
            (made.0, made.1, &made.2),
            sv.now(),
        )
        .await?;
    }
    events::tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    sv.rooms.forget(&slug).await;
    Ok(())
}

/// Seals seeds anew that are under an earlier key; how many.
pub(crate) async fn reseal_seeds(sv: &Services, tx: &mut Tx) -> Result<u64, Unexpected> {
    let rows = sqlx::query!("select id, seed_sealed from waiting_rooms order by id for update")
        .fetch_all(&mut **tx)
        .await?;
    let rows = rows
        .into_iter()
        .map(|row| (row.id, seed_place(row.id), row.seed_sealed));
    let (ids, sealed) = reseal::renewed(sv, rows)?;
    let done = sqlx::query!(
        r#"
        update waiting_rooms r set seed_sealed = n.sealed
        from unnest($1::uuid[], $2::bytea[]) as n (id, sealed)
        where r.id = n.id
        "#,
        &ids,
        &sealed
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// What the sealed seed is bound to.
pub(super) fn seed_place(room: Uuid) -> String {
    format!("waiting_rooms|{room}")
}
