//! Publishing, taking back, postponing, giving a new date, cancelling.

use domain::{
    catalog::{self, Attendance, EventFacts, EventState, EventTransitionError, Missing},
    ids::{EventId, OrganizationId, UserId},
    money::Money,
    orders::{RunCause, needs_second_person},
    text::{FieldErrors, line},
    when::ValidityWindow,
};

use super::{
    EventError,
    after_move::{self, AfterMoveInput, Moved, Tickets},
    change::{is_sold, lock, tell},
    times::When,
};
use crate::{
    Services, Unexpected,
    approvals::{self, EventRequest},
    audit,
    db::Tx,
    orders::{self, NewRun},
    outbox::Announcement,
    permit::{CancelEvents, Permit, PublishEvents, ViewSales},
};

/// What an event still lacks.
#[derive(Debug, Clone)]
pub struct Checklist {
    pub state: EventState,
    pub missing: Vec<Missing>,
}

impl Checklist {
    pub fn can_publish(&self) -> bool {
        self.state == EventState::Draft
            && !self
                .missing
                .iter()
                .any(|missing| missing.blocks_publishing())
    }
}

pub async fn checklist(
    sv: &Services,
    permit: &Permit<ViewSales>,
    event: EventId,
) -> Result<Checklist, EventError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let state = lock(&mut tx, permit.organization(), event).await?.state;
    let missing = missing(sv, &mut tx, permit.organization(), event).await?;
    tx.commit().await?;
    Ok(Checklist { state, missing })
}

/// Where the event stands.
pub async fn state(
    sv: &Services,
    permit: &Permit<CancelEvents>,
    event: EventId,
) -> Result<EventState, EventError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let state = lock(&mut tx, permit.organization(), event).await?.state;
    tx.commit().await?;
    Ok(state)
}

async fn missing(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Vec<Missing>, EventError> {
    let row = sqlx::query!(
        r#"
        select e.title, e.description_md, e.attendance, e.venue_name, e.online_url, e.starts_at, e.ends_at,
               e.image_id is not null as "has_image!",
               (select count(*) from ticket_types t
                where t.event_id = e.id and t.state = 'active'
                  and exists (select from ticket_type_pools x join pools p on p.id = x.pool_id
                              where x.ticket_type_id = t.id)
                  and not exists (select from ticket_type_pools x join pools p on p.id = x.pool_id
                                  where x.ticket_type_id = t.id and p.capacity = 0)) as "tickets!",
               exists (select from memberships m join users u on u.id = m.user_id
                       where m.organization_id = e.organization_id and m.role = 'owner'
                         and u.email_verified_at is not null) as "verified!"
        from events e
        where e.organization_id = $1 and e.id = $2
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(EventError::NotFound)?;
    let attendance: Attendance = row
        .attendance
        .parse()
        .map_err(|_| Unexpected::bad_row("events", event, &row.attendance))?;
    Ok(catalog::checklist(&EventFacts {
        title: &row.title,
        when: ValidityWindow::new(row.starts_at.to_jiff(), row.ends_at.to_jiff()).ok(),
        attendance,
        has_venue: !row.venue_name.is_empty(),
        has_online_link: !row.online_url.is_empty(),
        tickets_for_sale: u32::try_from(row.tickets).unwrap_or(0),
        description: &row.description_md,
        has_image: row.has_image,
        organization_verified: row.verified,
        now: sv.now(),
    }))
}

/// Shows the event to visitors and opens its sales.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn publish(
    sv: &Services,
    permit: &Permit<PublishEvents>,
    event: EventId,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let state = lock(&mut tx, organization, event).await?.state.publish()?;
    let blockers: Vec<Missing> = missing(sv, &mut tx, organization, event)
        .await?
        .into_iter()
        .filter(|missing| missing.blocks_publishing())
        .collect();
    if !blockers.is_empty() {
        return Err(EventError::Incomplete(blockers));
    }
    sqlx::query!(
        r#"
        update events set state = $3, state_reason = '', published_at = coalesce(published_at, $4)
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        event.get(),
        state.code(),
        jiff_sqlx::Timestamp::from(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Makes it a draft again; only while nobody has tickets or is buying some.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn unpublish(
    sv: &Services,
    permit: &Permit<PublishEvents>,
    event: EventId,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    match lock(&mut tx, organization, event).await?.state {
        EventState::Published => {}
        EventState::Draft => return Err(EventTransitionError::NotPublished.into()),
        EventState::Postponed => return Err(EventTransitionError::Postponed.into()),
        EventState::Cancelled => return Err(EventTransitionError::Cancelled.into()),
    }
    if is_sold(&mut tx, organization, event).await? {
        return Err(EventError::AlreadySold);
    }
    save_state(&mut tx, organization, event, EventState::Draft, "").await?;
    tell(sv, &mut tx, organization, event, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Stops sales until there is a new date; buyers are told, and their tickets become what was chosen.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn postpone(
    sv: &Services,
    permit: &Permit<CancelEvents>,
    event: EventId,
    reason: &str,
    after: &AfterMoveInput,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let locked = lock(&mut tx, organization, event).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.field("reason", line(reason, 0, 300));
    let tickets = after_move::read(after, &locked.time_zone, (sv.now(), None), &mut errors);
    errors.finish()?;
    let (Some(reason), Some(tickets)) = (reason, tickets) else {
        return Err(EventError::NotFound);
    };
    let state = locked.state.postpone()?;
    save_state(&mut tx, organization, event, state, &reason).await?;
    let moved = Moved {
        organization,
        event,
        new_date: false,
        reason: &reason,
        by: permit.actor(),
    };
    after_move::apply(sv, &mut tx, &moved, tickets).await?;
    tx.commit().await?;
    Ok(())
}

/// The event will not take place: sales end for good, every order is cancelled and refunded in full, buyers are told.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn cancel(
    sv: &Services,
    permit: &Permit<CancelEvents>,
    event: EventId,
    reason: &str,
) -> Result<(), EventError> {
    let reason = line(reason, 3, 300).map_err(|fault| FieldErrors::one("reason", fault))?;
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let state = lock(&mut tx, organization, event).await?.state.cancel()?;
    save_state(&mut tx, organization, event, state, &reason).await?;
    let announcement = Announcement::EventCancelled { event: event.get() };
    tell(sv, &mut tx, organization, event, Some(announcement)).await?;
    let run = NewRun {
        event,
        cause: RunCause::Cancelled,
        reason: &reason,
        by: permit.actor(),
        until: None,
    };
    refund_all(sv, &mut tx, organization, &run).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn move_to(
    sv: &Services,
    tx: &mut Tx,
    moved: &Moved<'_>,
    state: EventState,
    (when, tickets): (&When, Tickets),
) -> Result<(), EventError> {
    let state = state.reschedule()?;
    save_when(tx, moved.organization, moved.event, when).await?;
    save_state(tx, moved.organization, moved.event, state, "").await?;
    after_move::apply(sv, tx, moved, tickets).await
}

/// Every order ends and all money goes back; once.
pub(super) async fn refund_all(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    run: &NewRun<'_>,
) -> Result<(), EventError> {
    orders::end_offer(sv, tx, organization, run.event).await?;
    if let Some(by) = run.by
        && waits_for_another(sv, tx, organization, (run, by)).await?
    {
        return Ok(());
    }
    orders::begin_run(sv, tx, organization, run)
        .await?
        .ok_or(EventError::RefundsAtWork)?;
    let entry = audit::Entry {
        actor: run.by,
        organization: Some(organization),
        action: "event.refund_all",
        subject_kind: "event",
        subject: run.event.to_string(),
        reason: run.reason,
        before: None,
        after: Some(serde_json::json!({ "cause": run.cause.code() })),
    };
    audit::append(sv, tx, entry).await?;
    Ok(())
}

/// Above the limit of the organization the money waits for a second person; what happens to the event does not.
async fn waits_for_another(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    (run, by): (&NewRun<'_>, UserId),
) -> Result<bool, Unexpected> {
    let figures = orders::figures(tx, organization, (run.event, run.until), false).await?;
    for one in &figures.money {
        let currency = one.refund.currency;
        let limit = approvals::limit_of(tx, organization, currency).await?;
        if limit.is_some_and(|limit| needs_second_person(limit, Money::zero(currency), one.refund))
        {
            let request = EventRequest {
                cause: run.cause,
                reason: run.reason.to_owned(),
                until: run.until,
            };
            let shown = (&figures, one.refund);
            let who = (run.event, by);
            approvals::ask_event(sv, tx, organization, who, &request, shown).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn save_when(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    when: &When,
) -> Result<(), Unexpected> {
    // Lists of the door move with the event.
    sqlx::query!(
        r#"
        update check_in_lists l
        set opens_at = l.opens_at + ($3 - e.starts_at), closes_at = l.closes_at + ($3 - e.starts_at)
        from events e
        where e.organization_id = $1 and e.id = $2 and l.organization_id = $1 and l.event_id = e.id
        "#,
        organization.get(),
        event.get(),
        jiff_sqlx::Timestamp::from(when.window.from) as _
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        update events set time_zone = $3, starts_at = $4, ends_at = $5
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        event.get(),
        when.time_zone,
        jiff_sqlx::Timestamp::from(when.window.from) as _,
        jiff_sqlx::Timestamp::from(when.window.until) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn save_state(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
    state: EventState,
    reason: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update events set state = $3, state_reason = $4 where organization_id = $1 and id = $2",
        organization.get(),
        event.get(),
        state.code(),
        reason
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
