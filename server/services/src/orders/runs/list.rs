//! What became of each order of a run, page by page.

use domain::{
    ids::{EventId, OrderCode, OrganizationId, RefundRunId},
    money::Money,
    orders::RunOutcome,
    when::Timestamp,
};
use uuid::Uuid;

use super::show::latest;
use crate::{
    Services, Unexpected,
    db::Tx,
    paging::{self, Cursor, Page},
    permit::{Permit, ViewOrders},
    rows::{coded, money},
};

#[derive(Debug, Clone)]
pub struct ListRun {
    pub event: EventId,
    /// Only these.
    pub outcome: Option<RunOutcome>,
    pub cursor: Option<String>,
    pub limit: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    order: Uuid,
    pub code: OrderCode,
    pub buyer_name: String,
    pub outcome: RunOutcome,
    /// Why it was skipped or failed: a key for translations.
    pub why: String,
    /// What the provider says about a refund that failed.
    pub provider_says: String,
    pub amount: Money,
    pub changed_at: Timestamp,
}

/// One page of the latest run of an event, in the order in which the orders were made.
pub async fn list_run(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    ask: ListRun,
) -> Result<Page<RunRow>, Unexpected> {
    let nothing = Page {
        items: Vec::new(),
        next: None,
    };
    if !permit.covers(ask.event) {
        return Ok(nothing);
    }
    let mut tx = sv.db.begin_shared(permit.scope()).await?;
    let Some(run) = latest(&mut tx, permit.organization(), ask.event).await? else {
        return Ok(nothing);
    };
    let limit = paging::limit(ask.limit);
    let after = Cursor::decode(ask.cursor.as_deref());
    let found = page(
        &mut tx,
        permit.organization(),
        run.id,
        ask.outcome,
        after,
        limit,
    )
    .await?;
    tx.commit().await?;
    Ok(found)
}

pub(super) async fn page(
    tx: &mut Tx,
    organization: OrganizationId,
    run: RefundRunId,
    outcome: Option<RunOutcome>,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<RunRow>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select x.order_id, o.code, o.buyer_name, x.why, x.amount_minor, x.currency, x.changed_at,
               coalesce(f.failure_reason, '') as "provider_says!", y.outcome as "outcome!"
        from refund_run_orders x
        join orders o on o.id = x.order_id
        cross join lateral (
            -- An order's money may go back in parts, to several payments, or later, when a bank gives it back: the worst of
            -- them is what became of it. The run names the first. Looked up one by one: no plan reads all for each.
            select case when bool_or(r.state = 'failed') then 'failed'
                        when bool_and(r.state = 'succeeded') then 'succeeded' else 'pending' end as state,
                   max(r.failure_reason) as failure_reason
            from refunds n
            join refunds r on r.order_id = n.order_id and r.created_at >= n.created_at and r.exchanged_to is null
              and (r.id = n.id or not r.of_second_payment)
            where n.id = x.refund_id
        ) f
        cross join lateral (
            select case when x.state <> 'done' then x.state
                        when f.state = 'succeeded' then 'sent'
                        when f.state = 'failed' then 'failed'
                        else 'on_the_way' end as outcome
        ) y
        where x.organization_id = $1 and x.run_id = $2
          and ($3::text is null or y.outcome = $3)
          and ($4::uuid is null or x.order_id > $4)
        order by x.order_id
        limit $5
        "#,
        organization.get(),
        run.get(),
        outcome.map(RunOutcome::code),
        after.map(|cursor| cursor.id),
        i64::try_from(limit + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut **tx)
    .await?;
    let items = rows
        .into_iter()
        .map(|row| {
            Ok(RunRow {
                order: row.order_id,
                code: coded("orders", row.order_id, &row.code)?,
                buyer_name: row.buyer_name,
                outcome: coded("refund_run_orders", row.order_id, &row.outcome)?,
                why: row.why,
                provider_says: row.provider_says,
                amount: money(
                    "refund_run_orders",
                    row.order_id,
                    row.amount_minor,
                    &row.currency,
                )?,
                changed_at: row.changed_at.to_jiff(),
            })
        })
        .collect::<Result<Vec<_>, Unexpected>>()?;
    // Ids grow with time, and a row's own time changes while somebody pages.
    Ok(Page::cut(items, limit, |row| Cursor {
        at: Timestamp::UNIX_EPOCH,
        id: row.order,
    }))
}
