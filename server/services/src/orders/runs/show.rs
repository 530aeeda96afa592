//! How far a run is.

use domain::{
    ids::{EventId, OrganizationId, RefundRunId},
    money::Money,
    orders::{RunCause, RunOutcome},
    when::Timestamp,
};

use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{Permit, ViewOrders},
    rows::{coded, count, money},
};

/// A run with its sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunView {
    pub id: RefundRunId,
    pub cause: RunCause,
    pub reason: String,
    /// Whether orders are still to be ended.
    pub working: bool,
    /// Who began it; nobody where the machine did.
    pub started_by: Option<String>,
    pub started_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    pub counts: RunCounts,
    pub money: Vec<RunMoney>,
}

/// How many orders are where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunCounts {
    pub waiting: u32,
    pub on_the_way: u32,
    pub sent: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl RunCounts {
    pub fn all(self) -> u32 {
        [
            self.waiting,
            self.on_the_way,
            self.sent,
            self.failed,
            self.skipped,
        ]
        .into_iter()
        .fold(0, u32::saturating_add)
    }

    fn of(&mut self, outcome: RunOutcome) -> &mut u32 {
        match outcome {
            RunOutcome::Waiting => &mut self.waiting,
            RunOutcome::OnTheWay => &mut self.on_the_way,
            RunOutcome::Sent => &mut self.sent,
            RunOutcome::Failed => &mut self.failed,
            RunOutcome::Skipped => &mut self.skipped,
        }
    }
}

/// The money of a run in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunMoney {
    /// Everything that goes back.
    pub promised: Money,
    /// What the provider has sent.
    pub sent: Money,
    /// What did not reach the buyers.
    pub failed: Money,
}

/// The latest run of an event, if it has one.
pub async fn show_run(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    event: EventId,
) -> Result<Option<RunView>, Unexpected> {
    if !permit.covers(event) {
        return Ok(None);
    }
    let mut tx = sv.db.begin_shared(permit.scope()).await?;
    let found = latest(&mut tx, permit.organization(), event).await?;
    tx.commit().await?;
    Ok(found)
}

pub(super) async fn latest(
    tx: &mut Tx,
    organization: OrganizationId,
    event: EventId,
) -> Result<Option<RunView>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select r.id, r.cause, r.reason, r.state = 'working' as "working!", r.created_at, r.finished_at, u.name as "name?"
        from refund_runs r
        left join users u on u.id = r.started_by
        where r.organization_id = $1 and r.event_id = $2
        order by r.created_at desc, r.id desc
        limit 1
        "#,
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let id = RefundRunId::new(row.id);
    let (counts, money) = sums(tx, organization, id).await?;
    Ok(Some(RunView {
        id,
        cause: coded("refund_runs", id, &row.cause)?,
        reason: row.reason,
        working: row.working,
        started_by: row.name,
        started_at: row.created_at.to_jiff(),
        finished_at: row.finished_at.map(|t| t.to_jiff()),
        counts,
        money,
    }))
}

async fn sums(
    tx: &mut Tx,
    organization: OrganizationId,
    id: RefundRunId,
) -> Result<(RunCounts, Vec<RunMoney>), Unexpected> {
    let rows = sqlx::query!(
        r#"
        select case when x.state <> 'done' then x.state
                    when f.state = 'succeeded' then 'sent'
                    when f.state = 'failed' then 'failed'
                    else 'on_the_way' end as "outcome!",
               x.currency, count(*) as "orders!", coalesce(sum(x.amount_minor), 0)::bigint as "amount!"
        from refund_run_orders x
        cross join lateral (
            -- An order's money may go back in parts, to several payments, or later, when a bank gives it back: the worst of
            -- them is what became of it. The run names the first. Looked up one by one: no plan reads all for each.
            select case when bool_or(r.state = 'failed') then 'failed'
                        when bool_and(r.state = 'succeeded') then 'succeeded' else 'pending' end as state
            from refunds n
            join refunds r on r.order_id = n.order_id and r.created_at >= n.created_at and r.exchanged_to is null
              and (r.id = n.id or not r.of_second_payment)
            where n.id = x.refund_id
        ) f
        where x.organization_id = $1 and x.run_id = $2
        group by 1, 2
        order by 2
        "#,
        organization.get(),
        id.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut counts = RunCounts::default();
    let mut sums: Vec<RunMoney> = Vec::new();
    for row in rows {
        let outcome: RunOutcome = coded("refund_run_orders", id, &row.outcome)?;
        let orders = count("refund_run_orders", id, row.orders)?;
        let number = counts.of(outcome);
        *number = number.saturating_add(orders);
        let amount = money("refund_run_orders", id, row.amount, &row.currency)?;
        if sums
            .last()
            .is_none_or(|last| last.promised.currency != amount.currency)
        {
            let nothing = Money::zero(amount.currency);
            sums.push(RunMoney {
                promised: nothing,
                sent: nothing,
                failed: nothing,
            });
        }
        let Some(sum) = sums.last_mut() else { continue };
        let more = |to: &mut Money| to.minor = to.minor.saturating_add(amount.minor);
        more(&mut sum.promised);
        match outcome {
            RunOutcome::Sent => more(&mut sum.sent),
            RunOutcome::Failed => more(&mut sum.failed),
            RunOutcome::Waiting | RunOutcome::OnTheWay | RunOutcome::Skipped => {}
        }
    }
    Ok((counts, sums))
}
