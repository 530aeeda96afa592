//! Begins a run: every order of the event gets its row, in the transaction that decides the run.

use domain::{
    ids::{EventId, OrganizationId, RefundRunId, UserId},
    orders::RunCause,
    when::Timestamp,
};

use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    jobs::{self, Job},
    rows::at,
};

pub(crate) struct NewRun<'a> {
    pub event: EventId,
    pub cause: RunCause,
    /// Told to the buyers.
    pub reason: &'a str,
    /// Nobody: the machine.
    pub by: Option<UserId>,
    /// Only orders that were paid until then, or not paid and made; `None`: all.
    pub until: Option<Timestamp>,
}

/// `None` where the event has a run that stands in the way: one that is at work, or, of a cancelled event, any.
pub(crate) async fn begin_run(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    new: &NewRun<'_>,
) -> Result<Option<RefundRunId>, Unexpected> {
    let run = RefundRunId::new(sv.new_id());
    let begun = sqlx::query!(
        r#"
        insert into refund_runs (id, organization_id, event_id, cause, reason, state, started_by, created_at)
        values ($1, $2, $3, $4, $5, 'working', $6, $7)
        on conflict do nothing
        "#,
        run.get(),
        organization.get(),
        new.event.get(),
        new.cause.code(),
        new.reason,
        new.by.map(UserId::get),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    if begun.rows_affected() == 0 {
        return Ok(None);
    }
    add_orders(sv, tx, organization, run, (new.event, new.until)).await?;
    let job = Job::EndOrders { run };
    jobs::enqueue(sv, tx, organization, &job, sv.now(), None).await?;
    Ok(Some(run))
}

/// Gives rows to those orders of the event that have none; returns how many there were. What has ended already stands in
/// the list too, so that nobody is missing from it. Who let their time to pay pass never had anything.
pub(super) async fn add_orders(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    run: RefundRunId,
    (event, until): (EventId, Option<Timestamp>),
) -> Result<u64, Unexpected> {
    let added = sqlx::query!(
        r#"
        insert into refund_run_orders (run_id, order_id, organization_id, event_id, state, why, currency, changed_at)
        select $1, o.id, o.organization_id, o.event_id,
               case when o.state in ('pending', 'asked', 'paid') then 'waiting' else 'skipped' end,
               case o.state when 'refunded' then 'already_refunded' when 'cancelled' then 'already_cancelled' else '' end,
               o.currency, $4
        from orders o
        where o.organization_id = $2 and o.event_id = $3 and o.state in ('pending', 'asked', 'paid', 'cancelled', 'refunded')
          and ($5::timestamptz is null or coalesce(o.paid_at, o.created_at) <= $5)
        on conflict on constraint refund_run_orders_pkey do nothing
        "#,
        run.get(),
        organization.get(),
        event.get(),
        at(sv.now()) as _,
        until.map(at) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(added.rows_affected())
}

/// Begins the run of an event that was called off, unless it has one.
pub(crate) async fn end_orders_of(
    sv: &Services,
    organization: OrganizationId,
    event: EventId,
    reason: &str,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let new = NewRun {
        event,
        cause: RunCause::Cancelled,
        reason,
        by: None,
        until: None,
    };
    begin_run(sv, &mut tx, organization, &new).await?;
    tx.commit().await
}
