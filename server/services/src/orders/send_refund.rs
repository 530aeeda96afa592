//! Sends promised money back through the provider, outside of any transaction.

use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::RefundState,
};

use super::refund_told::{self, lock_in};
use crate::{
    Services, Unexpected,
    db::Scope,
    jobs::{self, Job},
    live,
    permit::{Permit, RefundOrders},
    ports::{NewRefund, PortError, ProviderPayment},
    rows::{at, money},
};

/// Sends once: the provider drops repeats of the same try, and a refund that it has in hand is left alone. An error means
/// that the job should come again.
pub(crate) async fn send_refund(
    sv: &Services,
    organization: OrganizationId,
    id: RefundId,
) -> Result<(), Unexpected> {
    let Some(found) = load(sv, organization, id).await? else {
        return Ok(());
    };
    if found.reference.is_some() {
        return Ok(());
    }
    let refund = &found.refund;
    if found.provider != sv.payments.provider() {
        let why = format!("provider {} is not configured", found.provider);
        return refuse(sv, organization, refund, &why).await;
    }
    match sv.payments.refund(refund).await {
        Ok(known) => {
            let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
            let name = (id, refund.attempt);
            refund_told::refund_told(sv, &mut tx, organization, name, &known).await?;
            tx.commit().await
        }
        Err(PortError::Refused(why)) => refuse(sv, organization, refund, &why).await,
        Err(e @ PortError::Unavailable(_)) => Err(Unexpected::new("send refund", e)),
    }
}

/// Asks the provider about a refund that is under way, and sends it once more when it never got there.
pub(crate) async fn compare_refund(
    sv: &Services,
    organization: OrganizationId,
    id: RefundId,
) -> Result<(), Unexpected> {
    let Some(found) = load(sv, organization, id).await? else {
        return Ok(());
    };
    let known = sv
        .payments
        .find_refund(&found.refund)
        .await
        .map_err(|e| Unexpected::new("find refund", e))?;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    match known {
        Some(known) => {
            let name = (id, found.refund.attempt);
            refund_told::refund_told(sv, &mut tx, organization, name, &known).await?;
        }
        // It waits to be sent; its job may have been given up, and the provider may have answered that try with a fault
        // that it repeats. Nothing came of it: another try cannot send the money twice.
        None if found.reference.is_none() && !found.has_job => {
            sqlx::query!(
                "update refunds set attempt = attempt + 1 where organization_id = $1 and id = $2 and state = 'pending'
                   and provider_ref is null and attempt = $3",
                organization.get(),
                id.get(),
                i32::try_from(found.refund.attempt).unwrap_or(i32::MAX)
            )
            .execute(&mut *tx)
            .await?;
            jobs::enqueue(
                sv,
                &mut tx,
                organization,
                &Job::SendRefund { refund: id },
                sv.now(),
                None,
            )
            .await?;
        }
        None => {}
    }
    tx.commit().await
}

struct Loaded {
    refund: NewRefund,
    provider: String,
    /// The provider's name for the present try.
    reference: Option<String>,
    has_job: bool,
}

/// A refund that is not settled.
async fn load(
    sv: &Services,
    organization: OrganizationId,
    id: RefundId,
) -> Result<Option<Loaded>, Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let row = sqlx::query!(
        r#"
        select r.amount_minor, r.currency, r.attempt, r.provider_ref, r.payment_id, p.provider,
               p.provider_ref as payment_ref, p.charge_ref,
               exists (select from jobs j where j.organization_id = $1 and j.kind = 'send_refund' and j.dead_at is null
                         and j.payload->>'refund' = r.id::text) as "has_job!"
        from refunds r
        join payments p on p.id = r.payment_id
        where r.organization_id = $1 and r.id = $2 and r.state = 'pending'
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Loaded {
        refund: NewRefund {
            refund: id,
            attempt: u32::try_from(row.attempt).unwrap_or(1),
            of: ProviderPayment {
                payment: PaymentId::new(row.payment_id),
                provider_ref: row.payment_ref,
                charge_ref: row.charge_ref,
            },
            amount: money("refunds", id, row.amount_minor, &row.currency)?,
        },
        provider: row.provider,
        reference: row.provider_ref,
        has_job: row.has_job,
    }))
}

/// No money left: the promise stays, and somebody has to decide.
async fn refuse(
    sv: &Services,
    organization: OrganizationId,
    refund: &NewRefund,
    why: &str,
) -> Result<(), Unexpected> {
    let id = refund.refund;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let Some(row) = lock_in(&mut tx, organization, id).await? else {
        return Ok(());
    };
    if row.state != RefundState::Pending || row.attempt != refund.attempt || row.reference.is_some()
    {
        return Ok(());
    }
    tracing::error!(refund.id = %id, why, "the provider refused a refund: try again, or send it by hand");
    sqlx::query!(
        r#"
        update refunds set state = 'failed', failure_reason = $3, completed_at = $4
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        id.get(),
        why,
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    live::announce(&mut tx, row.event).await?;
    tx.commit().await
}

#[derive(Debug, thiserror::Error)]
pub enum RetryRefundError {
    #[error("no such failed refund")]
    NotFound,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Tries a refund that came to nothing once more; for the provider that is a deed of its own.
pub async fn retry_refund(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    id: RefundId,
) -> Result<(), RetryRefundError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    lock_in(&mut tx, permit.organization(), id)
        .await?
        .filter(|row| row.state == RefundState::Failed && permit.covers(row.event))
        .ok_or(RetryRefundError::NotFound)?;
    sqlx::query!(
        r#"
        update refunds set state = 'pending', attempt = attempt + 1, provider_ref = null, sent_at = null, completed_at = null,
                           failure_reason = '', asked_at = $3
        where organization_id = $1 and id = $2
        "#,
        permit.organization().get(),
        id.get(),
        at(sv.now()) as _
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
