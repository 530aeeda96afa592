//! The refunds of a cancelled event of the sample, as the run that made them would have left them.

use domain::ids::{EventId, OrganizationId};
use uuid::Uuid;

use crate::{Unexpected, db::Tx};

/// Each order of the event gets the row that says what became of it.
pub(in crate::demo) async fn insert(
    tx: &mut Tx,
    run: Uuid,
    organization: OrganizationId,
    event: EventId,
) -> Result<(), Unexpected> {
    sqlx::query!(
        r#"
        insert into refund_runs (id, organization_id, event_id, cause, reason, state, started_by, created_at, finished_at)
        select $1, $2, $3, 'cancelled', e.state_reason, 'done',
               (select m.user_id from memberships m where m.organization_id = $2 and m.role = 'owner' order by m.user_id limit 1),
               o.first, o.last
        from events e
        join lateral (select min(x.cancelled_at) as first, max(x.cancelled_at) as last from orders x where x.event_id = e.id) o
            on o.first is not null
        where e.organization_id = $2 and e.id = $3
        "#,
        run,
        organization.get(),
        event.get()
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into refund_run_orders (run_id, order_id, organization_id, event_id, state, why, amount_minor, currency, refund_id,
                                       changed_at)
        select u.id, o.id, o.organization_id, o.event_id,
               case when r.id is null then 'skipped' else 'done' end,
               case when r.id is not null then '' when o.total_minor = 0 then 'free' when o.paid_at is null then 'not_paid'
                    else 'already_cancelled' end,
               coalesce(r.amount_minor, 0), o.currency, r.id, coalesce(o.cancelled_at, u.created_at)
        from refund_runs u
        join orders o on o.event_id = u.event_id and o.state in ('cancelled', 'refunded')
        left join lateral (select r.id, r.amount_minor from refunds r where r.order_id = o.id order by r.created_at desc limit 1) r
            on true
        where u.organization_id = $2 and u.id = $1
        "#,
        run,
        organization.get()
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
