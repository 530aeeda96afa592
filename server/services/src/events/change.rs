//! What every change of an event has in common: the row is locked, may be changed, and the change is told.

use domain::{
    catalog::EventState,
    ids::{EventId, OrganizationId},
    money::Currency,
};

use super::EventError;
use crate::{
    Services, Unexpected,
    db::Tx,
    live,
    outbox::{self, Announcement},
};

pub(crate) struct Locked {
    pub state: EventState,
    pub currency: Currency,
    pub time_zone: String,
}

/// Locks an event of the organization against others who change it; orders may refer to it meanwhile.
pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Locked, EventError> {
    let row = sqlx::query!(
        "select state, currency, time_zone from events where organization_id = $1 and id = $2 for no key update",
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(EventError::NotFound)?;
    Ok(Locked {
        state: row
            .state
            .parse()
            .map_err(|_| Unexpected::bad_row("events", event, &row.state))?,
        currency: row
            .currency
            .parse()
            .map_err(|_| Unexpected::bad_row("events", event, &row.currency))?,
        time_zone: row.time_zone,
    })
}

/// Locks an event that may still be changed: a cancelled one stays as it was.
pub(crate) async fn lock_open(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Locked, EventError> {
    let locked = lock(tx, organization, event).await?;
    match locked.state {
        EventState::Draft | EventState::Published | EventState::Postponed => Ok(locked),
        EventState::Cancelled => Err(domain::catalog::EventTransitionError::Cancelled.into()),
    }
}

/// Raises the sequence and tells everybody who needs to know.
pub(crate) async fn tell(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    more: Option<Announcement>,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update events set updated_at = $3, sequence = sequence + 1 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    outbox::append(
        sv,
        tx,
        organization,
        &Announcement::EventChanged { event: event.get() },
    )
    .await?;
    if let Some(more) = more {
        outbox::append(sv, tx, organization, &more).await?;
    }
    live::announce(tx, event).await
}

/// Whether somebody has, or is about to have, tickets.
pub(super) async fn is_sold(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<bool, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select (
            exists (select from orders where organization_id = $1 and event_id = $2
                    and state in ('pending', 'asked', 'paid', 'refunded'))
            or exists (select from holds where organization_id = $1 and event_id = $2 and state = 'active')
        ) as "sold!"
        "#,
        organization.get(),
        event.get()
    )
    .fetch_one(&mut **tx)
    .await?)
}
