//! Sends promised money back through the provider, outside of any transaction.

use domain::{
    ids::{OrganizationId, PaymentId, RefundId},
    payments::RefundState,
    when::{Timestamp, shift},
};
use jiff::SignedDuration;

use super::refund_told::{self, lock_in};
use crate::{
    Services, Unexpected, audit,
    db::{Scope, Tx},
    jobs::{self, Job},
    live,
    payments::sandbox,
    permit::{Permit, RefundOrders},
    ports::{NewRefund, PortError, ProviderPayment},
    rows::{at, money},
};

/// While the answer to a request may still come, no other try is begun: no request takes as long, and whatever the provider
/// has taken on it can name by then.
const UNKNOWN_FOR: SignedDuration = SignedDuration::from_mins(15);

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
    if found.provider == domain::transfers::PROVIDER {
        // It waits for somebody who sends it with the platform's bank.
        return Ok(());
    }
    let sandbox_of_once = found.provider == sandbox::PROVIDER && !sandbox::is_used(sv);
    if !sandbox_of_once && found.provider != sv.payments.provider() {
        let why = format!("provider {} is not configured", found.provider);
        return refuse(sv, organization, refund, &why).await;
    }
    if !begin_try(sv, organization, refund).await? {
        return Ok(());
    }
    let answer = if sandbox_of_once {
        Ok(sandbox::give_back(refund))
    } else {
        sv.payments.refund(refund).await
    };
    match answer {
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

/// Written down before anything leaves: a process that dies meanwhile has asked, as far as anybody knows.
async fn begin_try(
    sv: &Services,
    organization: OrganizationId,
    refund: &NewRefund,
) -> Result<bool, Unexpected> {
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    let begun = sqlx::query!(
        r#"
        update refunds set tried_at = $4
        where organization_id = $1 and id = $2 and attempt = $3 and state = 'pending' and provider_ref is null
        "#,
        organization.get(),
        refund.refund.get(),
        i32::try_from(refund.attempt).unwrap_or(i32::MAX),
        at(sv.now()) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(begun.rows_affected() == 1)
}

/// Why a refund could not be compared.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompareError {
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Asks the provider about a refund that is under way, and sends it once more when it never got there.
pub(crate) async fn compare_refund(
    sv: &Services,
    organization: OrganizationId,
    id: RefundId,
) -> Result<(), CompareError> {
    let Some(found) = load(sv, organization, id).await? else {
        return Ok(());
    };
    let known = sv.payments.find_refund(&found.refund).await?;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    match known {
        Some(known) => {
            let name = (id, found.refund.attempt);
            refund_told::refund_told(sv, &mut tx, organization, name, &known).await?;
        }
        None if found.reference.is_none() && !found.has_job => {
            send_again(sv, &mut tx, organization, &found).await?;
        }
        None => {}
    }
    Ok(tx.commit().await?)
}

/// It waits to be sent, and its job may have been given up. A try that was never asked for is asked for as it is. One that
/// was asked for long ago, and that the provider does not know now, has come to nothing; it may have been answered with a
/// fault that the provider repeats, so another try takes its place. In between the answer is unknown: nothing is begun.
async fn send_again(
    sv: &Services,
    tx: &mut Tx,
    organization: OrganizationId,
    found: &Loaded,
) -> Result<(), Unexpected> {
    let id = found.refund.refund;
    let again = match found.tried_at {
        None => 0,
        Some(tried) if tried < shift(sv.now(), -UNKNOWN_FOR) => 1,
        Some(_) => return Ok(()),
    };
    // Somebody else may have begun to send it since it was looked at.
    let ours = sqlx::query!(
        r#"
        update refunds set attempt = attempt + $4, tried_at = null
        where organization_id = $1 and id = $2 and state = 'pending' and provider_ref is null and attempt = $3
          and tried_at is not distinct from $5
        "#,
        organization.get(),
        id.get(),
        i32::try_from(found.refund.attempt).unwrap_or(i32::MAX),
        again,
        found.tried_at.map(at) as _
    )
    .execute(&mut **tx)
    .await?;
    if ours.rows_affected() == 0 {
        return Ok(());
    }
    let job = Job::SendRefund { refund: id };
    jobs::enqueue(sv, tx, organization, &job, sv.now(), None).await
}

struct Loaded {
    refund: NewRefund,
    provider: String,
    /// The provider's name for the present try.
    reference: Option<String>,
    /// When the present try was last asked for.
    tried_at: Option<Timestamp>,
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
        select r.amount_minor, r.currency, r.attempt, r.provider_ref, r.payment_id, r.tried_at, p.provider,
               p.provider_ref as payment_ref, p.charge_ref,
               p.straight_to is not null and r.recalled_at is null as "recall!",
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
            reference: row.provider_ref.clone(),
            recall: row.recall,
        },
        provider: row.provider,
        reference: row.provider_ref,
        tried_at: row.tried_at.map(|at| at.to_jiff()),
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
    #[error("somebody of the platform sends it with the bank")]
    Taken,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl RetryRefundError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Taken => "refund_taken",
            Self::Unexpected(_) => "internal",
        }
    }
}

/// Tries a refund that came to nothing once more; for the provider that is a deed of its own.
pub async fn retry_refund(
    sv: &Services,
    permit: &Permit<RefundOrders>,
    id: RefundId,
) -> Result<(), RetryRefundError> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = lock_in(&mut tx, permit.organization(), id)
        .await?
        .filter(|row| row.state == RefundState::Failed && permit.covers(row.event))
        .ok_or(RetryRefundError::NotFound)?;
    if row.taken {
        return Err(RetryRefundError::Taken);
    }
    sqlx::query!(
        r#"
        update refunds set state = 'pending', attempt = attempt + 1, provider_ref = null, sent_at = null, completed_at = null,
                           tried_at = null, failure_reason = '', by_bank = false, asked_at = $3
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
    record_retry(sv, &mut tx, permit, id, &row).await?;
    tx.commit().await?;
    Ok(())
}

/// Money is sent by somebody's hand.
async fn record_retry(
    sv: &Services,
    tx: &mut Tx,
    permit: &Permit<RefundOrders>,
    id: RefundId,
    row: &refund_told::Locked,
) -> Result<(), Unexpected> {
    let order = sqlx::query_scalar!(
        "select code from orders where organization_id = $1 and id = $2",
        permit.organization().get(),
        row.order.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "order.retry_refund",
        subject_kind: "order",
        subject: order,
        reason: "",
        before: Some(serde_json::json!({ "attempt": row.attempt })),
        after: Some(serde_json::json!({
            "refund": id, "attempt": row.attempt.saturating_add(1), "amount": row.amount,
        })),
    };
    audit::append(sv, tx, entry).await
}
