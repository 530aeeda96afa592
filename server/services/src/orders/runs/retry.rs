//! Tries once more what came to nothing.

use domain::ids::{EventId, RefundId, RefundRunId};

use super::portion;
use crate::{
    Services, Unexpected, audit,
    db::Tx,
    jobs::{self, Job},
    live,
    permit::{Permit, RefundOrders},
    rows::at,
};

#[derive(Debug, thiserror::Error)]
pub enum RetryRunError {
    #[error("no such run")]
    NotFound,
    #[error("nothing has failed")]
    NothingFailed,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl RetryRunError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NothingFailed => "nothing_failed",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Orders that could not be ended get another turn, and refunds that failed are sent once more. A second click finds
/// nothing that has failed.
#[tracing::instrument(skip_all, fields(event.id = %event))]
pub async fn retry_run(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    event: EventId,
) -> Result<(), RetryRunError> {
    if !permit.covers(event) {
        return Err(RetryRunError::NotFound);
    }
    let organization = permit.organization();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let id = sqlx::query_scalar!(
        "select id from refund_runs where organization_id = $1 and event_id = $2 order by created_at desc, id desc limit 1",
        organization.get(),
        event.get()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .map(RefundRunId::new)
    .ok_or(RetryRunError::NotFound)?;
    let run = portion::lock(&mut tx, organization, id)
        .await?
        .ok_or(RetryRunError::NotFound)?;
    let orders = sqlx::query!(
        r#"
        update refund_run_orders set state = 'waiting', why = '', changed_at = $3
        where organization_id = $1 and run_id = $2 and state = 'failed'
        "#,
        organization.get(),
        id.get(),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?
    .rows_affected();
    let refunds = send_again(sv, &mut tx, permit, id).await?;
    if orders == 0 && refunds == 0 {
        return Err(RetryRunError::NothingFailed);
    }
    if orders > 0 {
        portion::set_working(&mut tx, &run).await?;
        portion::next(sv, &mut tx, &run).await?;
    }
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(organization),
        action: "event.retry_refunds",
        subject_kind: "event",
        subject: event.to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({ "orders": orders, "refunds": refunds })),
    };
    audit::append(sv, &mut tx, entry).await?;
    live::announce(&mut tx, event).await?;
    tx.commit().await?;
    Ok(())
}

/// As for one refund: for the provider each is a deed of its own. What somebody of the platform sends with the bank is left to them.
async fn send_again(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<RefundOrders>,
    run: RefundRunId,
) -> Result<usize, Unexpected> {
    let ids = sqlx::query_scalar!(
        r#"
        update refunds r
        set state = 'pending', attempt = r.attempt + 1, provider_ref = null, sent_at = null, completed_at = null,
            failure_reason = '', by_bank = false, asked_at = $3
        from (
            select f.id from refund_run_orders x
            join refunds named on named.id = x.refund_id
            -- An order whose money is in several payments has a refund of each, and one more of what a bank gave back: the run
            -- names the first.
            join refunds f on f.order_id = named.order_id and f.created_at >= named.created_at and f.exchanged_to is null
              and (f.id = named.id or not f.of_second_payment)
            where x.organization_id = $1 and x.run_id = $2 and f.state = 'failed' and f.taken_at is null
            order by f.id
            for update of f
        ) failed
        where r.organization_id = $1 and r.id = failed.id
        returning r.id
        "#,
        permit.organization().get(),
        run.get(),
        at(sv.now()) as _
    )
    .fetch_all(&mut **tx)
    .await?;
    let again: Vec<Job> = ids
        .iter()
        .map(|id| Job::SendRefund {
            refund: RefundId::new(*id),
        })
        .collect();
    jobs::enqueue_all(sv, tx, permit.organization(), &again).await?;
    Ok(again.len())
}
