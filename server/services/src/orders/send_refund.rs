//! Sends promised money back through the provider, outside of any transaction.

use domain::{
    ids::{OrganizationId, RefundId},
    ledger::Posting,
    money::Money,
};

use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    jobs::{self, Job},
    ledger::{self, Cause},
    live,
    permit::{Permit, RefundOrders},
    ports::PortError,
    rows::{at, money},
};

/// Sends once: the provider drops repeats of the same key, and a refund that is settled is left alone. An error means
/// that the job should come again.
pub(crate) async fn send_refund(
    sv: &Services,
    organization: OrganizationId,
    id: RefundId,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let row = sqlx::query!(
        r#"
        select r.amount_minor, r.currency, r.state, p.provider, p.provider_ref
        from refunds r
        join payments p on p.id = r.payment_id
        where r.organization_id = $1 and r.id = $2
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row.filter(|row| row.state == "pending") else {
        return Ok(());
    };
    let amount = money("refunds", id, row.amount_minor, &row.currency)?;
    if row.provider != sv.payments.provider() {
        return settle(
            sv,
            organization,
            id,
            Err(format!("provider {} is not configured", row.provider)),
        )
        .await;
    }
    match sv
        .payments
        .refund(&row.provider_ref, amount, &id.to_string())
        .await
    {
        Ok(reference) => settle(sv, organization, id, Ok((reference, amount))).await,
        Err(PortError::Refused(why)) => settle(sv, organization, id, Err(why)).await,
        Err(e @ PortError::Unavailable(_)) => Err(Unexpected::new("send refund", e)),
    }
}

async fn settle(
    sv: &Services,
    organization: OrganizationId,
    id: RefundId,
    outcome: Result<(String, Money), String>,
) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(order) = lock(&mut tx, organization, id, "pending").await? else {
        return Ok(());
    };
    let (state, reference) = match &outcome {
        Ok((reference, _)) => ("succeeded", Some(reference.as_str())),
        Err(why) => {
            tracing::error!(refund.id = %id, why, "the provider refused a refund: send it by hand");
            ("failed", None)
        }
    };
    sqlx::query!(
        "update refunds set state = $3, provider_ref = $4, completed_at = $5 where organization_id = $1 and id = $2",
        organization.get(),
        id.get(),
        state,
        reference,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    if let Ok((_, amount)) = outcome {
        let posting =
            Posting::refund_sent(amount).map_err(|e| Unexpected::bad_row("refunds", id, e))?;
        let cause = Cause::Refund {
            order: order.id,
            refund: id,
        };
        ledger::post(sv, &mut tx, organization, cause, &posting).await?;
    }
    live::announce(&mut tx, order.event).await?;
    tx.commit().await
}

struct Of {
    id: domain::ids::OrderId,
    event: domain::ids::EventId,
}

/// Locks a refund in the given state and says what it belongs to.
async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: RefundId,
    state: &str,
) -> Result<Option<Of>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select r.order_id, o.event_id
        from refunds r
        join orders o on o.id = r.order_id
        where r.organization_id = $1 and r.id = $2 and r.state = $3
        for update of r
        "#,
        organization.get(),
        id.get(),
        state
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Of {
        id: row.order_id.into(),
        event: row.event_id.into(),
    }))
}

#[derive(Debug, thiserror::Error)]
pub enum RetryRefundError {
    #[error("no such failed refund")]
    NotFound,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Tries a refund that the provider refused once more.
pub async fn retry_refund(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    id: RefundId,
) -> Result<(), RetryRefundError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock(&mut tx, permit.organization(), id, "failed")
        .await?
        .filter(|of| permit.covers(of.event))
        .ok_or(RetryRefundError::NotFound)?;
    sqlx::query!(
        "update refunds set state = 'pending', completed_at = null where organization_id = $1 and id = $2",
        permit.organization().get(),
        id.get()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    jobs::enqueue(
        sv,
        &mut tx,
        permit.organization(),
        &Job::SendRefund { refund: id },
        sv.now(),
        None,
    )
    .await?;
    tx.commit().await?;
    Ok(())
}
