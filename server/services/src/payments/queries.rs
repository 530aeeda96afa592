//! SQL of payments.

use domain::{
    ids::{OrderId, OrganizationId, PaymentId},
    money::Money,
    payments::{DeclineReason, PaymentState},
    when::Timestamp,
};

use crate::{
    Unexpected,
    db::Tx,
    rows::{at, coded, money},
};

/// A payment as it stands.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    pub id: PaymentId,
    pub organization: OrganizationId,
    pub order: OrderId,
    pub state: PaymentState,
    pub amount: Money,
}

pub(super) async fn find_by_ref(
    tx: &mut Tx,
    provider: &str,
    provider_ref: &str,
) -> Result<Option<(PaymentId, OrganizationId)>, Unexpected> {
    let row = sqlx::query!(
        "select id, organization_id from payments where provider = $1 and provider_ref = $2",
        provider,
        provider_ref
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| {
        (
            PaymentId::new(row.id),
            OrganizationId::new(row.organization_id),
        )
    }))
}

pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: PaymentId,
) -> Result<Option<Payment>, Unexpected> {
    let row = sqlx::query!(
        r#"
        select order_id, state, decline_reason, amount_minor, currency
        from payments
        where organization_id = $1 and id = $2
        for update
        "#,
        organization.get(),
        id.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| {
        Ok(Payment {
            id,
            organization,
            order: OrderId::new(row.order_id),
            state: state(id, &row.state, row.decline_reason.as_deref())?,
            amount: money("payments", id, row.amount_minor, &row.currency)?,
        })
    })
    .transpose()
}

fn state(id: PaymentId, code: &str, reason: Option<&str>) -> Result<PaymentState, Unexpected> {
    let reason: Option<DeclineReason> = reason
        .map(|reason| coded("payments", id, reason))
        .transpose()?;
    PaymentState::from_parts(code, reason).ok_or_else(|| Unexpected::bad_row("payments", id, code))
}

pub(super) async fn save(tx: &mut Tx, payment: &Payment, now: Timestamp) -> Result<(), Unexpected> {
    sqlx::query!(
        "update payments set state = $3, decline_reason = $4, updated_at = $5 where organization_id = $1 and id = $2",
        payment.organization.get(),
        payment.id.get(),
        payment.state.code(),
        payment.state.reason().map(DeclineReason::code),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The attempt of an order that is still under way.
pub(super) async fn open(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Option<PaymentId>, Unexpected> {
    let id = sqlx::query_scalar!(
        r#"
        select id from payments
        where organization_id = $1 and order_id = $2 and state in ('created', 'processing')
        order by created_at desc, id desc
        limit 1
        "#,
        organization.get(),
        order.get()
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(PaymentId::new))
}

pub(super) async fn insert(
    tx: &mut Tx,
    payment: &Payment,
    provider: &str,
    now: Timestamp,
) -> Result<(), Unexpected> {
    // Until the provider has told its reference, our own id stands in for it.
    sqlx::query!(
        r#"
        insert into payments (id, organization_id, order_id, provider, provider_ref, state, amount_minor, currency,
                              created_at, updated_at)
        values ($1, $2, $3, $4, $1::uuid::text, $5, $6, $7, $8, $8)
        "#,
        payment.id.get(),
        payment.organization.get(),
        payment.order.get(),
        provider,
        payment.state.code(),
        payment.amount.minor,
        payment.amount.currency.as_str(),
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub(super) async fn set_ref(
    tx: &mut Tx,
    organization: OrganizationId,
    id: PaymentId,
    provider_ref: &str,
) -> Result<(), Unexpected> {
    sqlx::query!(
        "update payments set provider_ref = $3 where organization_id = $1 and id = $2",
        organization.get(),
        id.get(),
        provider_ref
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Whether this message is new; it is known from now on.
pub(super) async fn first_time(
    tx: &mut Tx,
    payment: &Payment,
    (provider, event_id): (&str, &str),
    kind: &str,
    now: Timestamp,
) -> Result<bool, Unexpected> {
    let inserted = sqlx::query!(
        r#"
        insert into payment_events (provider, provider_event_id, organization_id, payment_id, kind, received_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint payment_events_pkey do nothing
        "#,
        provider,
        event_id,
        payment.organization.get(),
        payment.id.get(),
        kind,
        at(now) as _
    )
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
