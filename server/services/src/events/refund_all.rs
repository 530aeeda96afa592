//! Refunds everybody of an event where that has not been done: a second person had said no, or had not answered in time, or it
//! was postponed and nobody had decided it yet.

use domain::{
    catalog::{EventState, EventTransitionError},
    ids::{EventId, OrganizationId},
    orders::{RefundAllFacts, RunCause},
    when::Timestamp,
};

use super::{EventError, change::lock, lifecycle::refund_all};
use crate::{
    Services, Unexpected,
    db::Tx,
    orders::NewRun,
    permit::{CancelEvents, Permit, ViewOrders},
    rows::{at, coded},
};

/// Whether [`refund_everybody`] has something to do.
pub async fn can_refund_everybody(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    event: EventId,
) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let open = open(sv, &mut tx, permit.organization(), event).await?;
    tx.commit().await?;
    Ok(open.is_some_and(|open| !open.at_work && open.facts.cause().is_some()))
}

/// Refunds everybody of an event that does not take place as planned.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn refund_everybody(
    sv: &Services,
    permit: &Permit<CancelEvents>,
    event: EventId,
) -> Result<(), EventError> {
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let state = lock(&mut tx, organization, event).await?.state;
    let open = open(sv, &mut tx, organization, event)
        .await?
        .ok_or(EventError::NotFound)?;
    let cause = match (open.facts.cause(), state) {
        (Some(cause), _) => cause,
        (None, EventState::Draft | EventState::Published) => {
            return Err(EventTransitionError::NotPublished.into());
        }
        (None, EventState::Postponed | EventState::Cancelled) => {
            return Err(EventError::RefundsAtWork);
        }
    };
    let run = NewRun {
        event,
        cause,
        reason: &open.reason,
        by: permit.actor(),
        until: open.until,
    };
    refund_all(sv, &mut tx, organization, &run).await?;
    tx.commit().await?;
    Ok(())
}

struct Open {
    facts: RefundAllFacts,
    /// It is being done, or a second person is asked.
    at_work: bool,
    /// What was told to the buyers.
    reason: String,
    /// Of an event that takes place: when it was first asked for. Whoever bought later has bought for the new date.
    until: Option<Timestamp>,
}

async fn open(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Option<Open>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select v.state, v.state_reason, r.cause as "latest?", a.request->>'cause' as "not_agreed?", a.reason as "asked_for?",
               case when v.state = 'published' then a.until end as until,
               exists (select from refund_runs w where w.event_id = v.id and w.state = 'working')
               or exists (select from approvals w where w.event_id = v.id and w.order_id is null and w.state = 'waiting'
                            and w.expires_at > $3) as "at_work!",
               exists (select from orders o
                       where o.event_id = v.id and o.state = 'paid'
                         and (v.state <> 'published' or coalesce(o.paid_at, o.created_at) <= a.until)
                         and not exists (select from refund_run_orders x where x.run_id = r.id and x.order_id = o.id)) as "others!"
        from events v
        left join lateral (
            select r.id, r.cause, r.created_at from refund_runs r
            where r.event_id = v.id
            order by r.created_at desc, r.id desc limit 1
        ) r on true
        left join lateral (
            select a.request, a.reason, a.asked_at, coalesce((a.request->>'until')::timestamptz, a.asked_at) as until
            from approvals a
            where a.event_id = v.id and a.order_id is null
              and (a.state in ('declined', 'expired', 'overtaken') or a.state = 'waiting' and a.expires_at <= $3)
            order by a.asked_at desc, a.id desc limit 1
        ) a on a.asked_at > coalesce(r.created_at, '-infinity')
        where v.organization_id = $1 and v.id = $2
        "#,
        organization.get(),
        event.get(),
        at(sv.now()) as _
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let cause = |code: Option<String>| {
        code.map(|code| coded::<RunCause>("refund_runs of", event, &code))
            .transpose()
    };
    let state: EventState = coded("events", event, &row.state)?;
    Ok(Some(Open {
        facts: RefundAllFacts {
            state,
            latest: cause(row.latest)?,
            not_agreed: cause(row.not_agreed)?,
            others: row.others,
        },
        at_work: row.at_work,
        until: row.until.map(|until| until.to_jiff()),
        reason: match state {
            // Since then it may have been told something else.
            EventState::Published => row.asked_for.unwrap_or(row.state_reason),
            EventState::Draft | EventState::Postponed | EventState::Cancelled => row.state_reason,
        },
    }))
}
