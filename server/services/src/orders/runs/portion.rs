//! Works through a run, one portion per job.

use domain::{
    ids::{EventId, OrderId, OrganizationId, RefundId, RefundRunId, UserId},
    money::Money,
    orders::RunCause,
    when::shift,
};
use jiff::SignedDuration;
use uuid::Uuid;

use super::{
    batch::{self, Ended, Why},
    begin::add_orders,
};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    jobs::{self, Job},
    live,
    rows::{at, coded},
};

/// Orders that end in one transaction. Large enough that the statements of a portion cost little per order, small enough
/// that its locks are gone before anybody notices.
const PORTION: i64 = 100;
/// A buyer whose order was being written while the event was called off is found this much later.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// All orders end before their money is sent: doors stop admitting at once, however long the provider takes.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);

pub(super) struct Run {
    pub id: RefundRunId,
    pub organization: OrganizationId,
    pub event: EventId,
    pub cause: RunCause,
    pub reason: String,
    pub by: Option<UserId>,
    working: bool,
}

/// Ends the next orders of the run and asks for the portion after it. Done twice at the same time, the second waits for
/// the first and goes on after it.
pub(crate) async fn end_portion(
    sv: &Services,
    organization: OrganizationId,
    id: RefundRunId,
) -> Result<(), Unexpected> {
    let error = match at_once(sv, organization, id).await {
        Ok(()) => return Ok(()),
        // The database is not there or others stand in the way: the job comes again.
        Err(e) if e.retry_after.is_some() => return Err(e),
        Err(e) => e,
    };
    tracing::warn!(run.id = %id, %error, "a portion of orders could not be ended together, so they are one by one");
    one_by_one(sv, organization, id).await
}

async fn at_once(
    sv: &Services,
    organization: OrganizationId,
    id: RefundRunId,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(run) = lock(&mut tx, organization, id).await? else {
        return Ok(());
    };
    let waiting = waiting(&mut tx, &run).await?;
    if waiting.is_empty() {
        rest(sv, &mut tx, &run).await?;
    } else {
        let ended = batch::end_all(sv, &mut tx, &run, &waiting).await?;
        save(sv, &mut tx, &run, &ended).await?;
        next(sv, &mut tx, &run).await?;
    }
    live::announce(&mut tx, run.event).await?;
    tx.commit().await
}

/// One order that cannot be ended must not keep the others from their money.
async fn one_by_one(
    sv: &Services,
    organization: OrganizationId,
    id: RefundRunId,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(run) = lock(&mut tx, organization, id).await? else {
        return Ok(());
    };
    let all = waiting(&mut tx, &run).await?;
    tx.commit().await?;
    for order in all {
        if let Err(e) = alone(sv, &run, order).await {
            if e.retry_after.is_some() {
                return Err(e);
            }
            tracing::error!(run.id = %id, order.id = %order, error = %e, "an order could not be ended: look at it, then try again");
            let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
            save(sv, &mut tx, &run, &[Ended::failed(order, Why::Fault)]).await?;
            tx.commit().await?;
        }
    }
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    next(sv, &mut tx, &run).await?;
    live::announce(&mut tx, run.event).await?;
    tx.commit().await
}

async fn alone(sv: &Services, run: &Run, order: Uuid) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(run.organization)).await?;
    if lock(&mut tx, run.organization, run.id).await?.is_none()
        || !waits(&mut tx, run, order).await?
    {
        return Ok(());
    }
    let ended = batch::end_all(sv, &mut tx, run, &[order]).await?;
    save(sv, &mut tx, run, &ended).await?;
    tx.commit().await
}

/// Nothing waits: the run is over, after one more look for orders that came in between.
async fn rest(sv: &Services, tx: &mut Tx, run: &Run) -> Result<(), Unexpected> {
    // Whoever buys after the new date was told wants to come then.
    let late = match run.cause {
        RunCause::Cancelled => {
            add_orders(sv, tx, run.organization, run.id, (run.event, None)).await?
        }
        RunCause::Moved => 0,
    };
    if late > 0 {
        set_working(tx, run).await?;
        return next(sv, tx, run).await;
    }
    if !run.working {
        return Ok(());
    }
    sqlx::query!(
        "update refund_runs set state = 'done', finished_at = $3 where organization_id = $1 and id = $2",
        run.organization.get(),
        run.id.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    match run.cause {
        RunCause::Cancelled => {
            let again = Job::EndOrders { run: run.id };
            let key = format!("end_orders|{}|again", run.id);
            let later = shift(sv.now(), LOOK_AGAIN);
            jobs::enqueue(sv, tx, run.organization, &again, later, Some(&key)).await
        }
        RunCause::Moved => Ok(()),
    }
}

pub(super) async fn next(sv: &Services, tx: &mut Tx, run: &Run) -> Result<(), Unexpected> {
    let job = Job::EndOrders { run: run.id };
    let first = shift(sv.now(), -AHEAD);
    jobs::enqueue(sv, tx, run.organization, &job, first, None).await
}

pub(super) async fn set_working(tx: &mut Tx, run: &Run) -> Result<(), Unexpected> {
    sqlx::query!(
        "update refund_runs set state = 'working', finished_at = null where organization_id = $1 and id = $2",
        run.organization.get(),
        run.id.get()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: RefundRunId,
) -> Result<Option<Run>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select event_id, cause, reason, started_by, state = 'working' as "working!"
        from refund_runs
        where organization_id = $1 and id = $2
        for update
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Run {
            id,
            organization,
            event: EventId::new(row.event_id),
            cause: coded("refund_runs", id, &row.cause)?,
            reason: row.reason,
            by: row.started_by.map(UserId::new),
            working: row.working,
        })
    })
    .transpose()
}

async fn waiting(tx: &mut Tx, run: &Run) -> Result<Vec<Uuid>, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select order_id from refund_run_orders
        where organization_id = $1 and run_id = $2 and state = 'waiting'
        order by order_id
        limit $3
        "#,
        run.organization.get(),
        run.id.get(),
        PORTION
    )
    .fetch_all(&mut **tx)
    .await?)
}

async fn waits(tx: &mut Tx, run: &Run, order: Uuid) -> Result<bool, Unexpected> {
    Ok(sqlx::query_scalar!(
        r#"
        select exists (select from refund_run_orders
                       where organization_id = $1 and run_id = $2 and order_id = $3 and state = 'waiting') as "waits!"
        "#,
        run.organization.get(),
        run.id.get(),
        order
    )
    .fetch_one(&mut **tx)
    .await?)
}

async fn save(sv: &Services, tx: &mut Tx, run: &Run, ended: &[Ended]) -> Result<(), Unexpected> {
    let orders: Vec<Uuid> = ended.iter().map(|one| one.order).collect();
    let states: Vec<String> = ended.iter().map(|one| one.state().to_owned()).collect();
    let whys: Vec<String> = ended.iter().map(|one| one.why().to_owned()).collect();
    let amounts: Vec<i64> = ended.iter().map(Ended::amount_minor).collect();
    let refunds: Vec<Option<Uuid>> = ended.iter().map(Ended::refund).collect();
    sqlx::query!(
        r#"
        update refund_run_orders x
        set state = n.state, why = n.why, amount_minor = n.amount, refund_id = n.refund, changed_at = $3
        from unnest($4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::uuid[]) as n (order_id, state, why, amount, refund)
        where x.organization_id = $1 and x.run_id = $2 and x.order_id = n.order_id
        "#,
        run.organization.get(),
        run.id.get(),
        at(sv.now()) as _,
        &orders,
        &states,
        &whys,
        &amounts,
        &refunds as &[Option<Uuid>]
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Money for an order of a run came after the order had ended, and goes back: the run's list says so.
pub(crate) async fn paid_late(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
    (refund, amount): (RefundId, Money),
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        update refund_run_orders set state = 'done', why = 'paid_late', amount_minor = $3, refund_id = $4, changed_at = $5
        where organization_id = $1 and order_id = $2 and state in ('skipped', 'failed') and refund_id is null
        "#,
        organization.get(),
        order.get(),
        amount.minor,
        refund.get(),
        at(sv.now()) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
