//! SQL of payments.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{
    ids::{EventId, OrderId, OrganizationId, PaymentId},
    money::Money,
    payments::{DeclineReason, PaymentState},
    when::Timestamp,
};
use uuid::Uuid;

use super::apply_news::Told;
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

/// Whose a payment is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub payment: PaymentId,
    pub organization: OrganizationId,
    pub event: EventId,
}

/// By the provider's references.
pub(super) async fn find_all_by_ref(
    tx: &mut Tx,
    provider: &str,
    refs: &[String],
) -> Result<HashMap<String, Found>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select p.provider_ref, p.id, p.organization_id, o.event_id
        from payments p
        join orders o on o.id = p.order_id
        where p.provider = $1 and p.provider_ref = any($2)
        "#,
        provider,
        refs
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let found = Found {
                payment: PaymentId::new(row.id),
                organization: OrganizationId::new(row.organization_id),
                event: EventId::new(row.event_id),
            };
            (row.provider_ref, found)
        })
        .collect())
}

pub(super) async fn lock(
    tx: &mut Tx,
    organization: OrganizationId,
    id: PaymentId,
) -> Result<Option<Payment>, Unexpected> {
    let mut locked = lock_all(tx, organization, &BTreeSet::from([id])).await?;
    Ok(locked.remove(&id))
}

/// Locks in the order of ids.
pub(super) async fn lock_all(
    tx: &mut Tx,
    organization: OrganizationId,
    ids: &BTreeSet<PaymentId>,
) -> Result<BTreeMap<PaymentId, Payment>, Unexpected> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.get()).collect();
    let rows = sqlx::query!(
        r#"
        select id, order_id, state, decline_reason, amount_minor, currency
        from payments
        where organization_id = $1 and id = any($2)
        order by id
        for update
        "#,
        organization.get(),
        &ids
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let id = PaymentId::new(row.id);
            let payment = Payment {
                id,
                organization,
                order: OrderId::new(row.order_id),
                state: state(id, &row.state, row.decline_reason.as_deref())?,
                amount: money("payments", id, row.amount_minor, &row.currency)?,
            };
            Ok((id, payment))
        })
        .collect()
}

fn state(id: PaymentId, code: &str, reason: Option<&str>) -> Result<PaymentState, Unexpected> {
    let reason: Option<DeclineReason> = reason
        .map(|reason| coded("payments", id, reason))
        .transpose()?;
    PaymentState::from_parts(code, reason).ok_or_else(|| Unexpected::bad_row("payments", id, code))
}

pub(super) async fn save(tx: &mut Tx, payment: &Payment, now: Timestamp) -> Result<(), Unexpected> {
    save_all(tx, payment.organization, &[payment], now).await
}

pub(super) async fn save_all(
    tx: &mut Tx,
    organization: OrganizationId,
    payments: &[&Payment],
    now: Timestamp,
) -> Result<(), Unexpected> {
    let ids: Vec<Uuid> = payments.iter().map(|payment| payment.id.get()).collect();
    let states: Vec<String> = payments
        .iter()
        .map(|payment| payment.state.code().to_owned())
        .collect();
    let reason = |payment: &&Payment| Some(payment.state.reason()?.code().to_owned());
    let reasons: Vec<Option<String>> = payments.iter().map(reason).collect();
    sqlx::query!(
        r#"
        update payments p set state = n.state, decline_reason = n.reason, updated_at = $2
        from unnest($3::uuid[], $4::text[], $5::text[]) as n (id, state, reason)
        where p.organization_id = $1 and p.id = n.id
        "#,
        organization.get(),
        at(now) as _,
        &ids,
        &states,
        &reasons as &[Option<String>]
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

/// Which of these messages are new, by the provider's names for them; they are known from now on.
pub(super) async fn first_times(
    tx: &mut Tx,
    organization: OrganizationId,
    told: &[Told],
    now: Timestamp,
) -> Result<HashSet<String>, Unexpected> {
    let news = || told.iter().map(Told::parts);
    let providers: Vec<String> = news().map(|(_, news)| news.provider.clone()).collect();
    let names: Vec<String> = news().map(|(_, news)| news.event_id.clone()).collect();
    let payments: Vec<Uuid> = news().map(|(payment, _)| payment.get()).collect();
    let kinds: Vec<String> = news()
        .map(|(_, news)| news.kind.code().to_owned())
        .collect();
    let new = sqlx::query_scalar!(
        r#"
        insert into payment_events (provider, provider_event_id, organization_id, payment_id, kind, received_at)
        select n.provider, n.name, $1, n.payment_id, n.kind, $2
        from unnest($3::text[], $4::text[], $5::uuid[], $6::text[]) as n (provider, name, payment_id, kind)
        on conflict on constraint payment_events_pkey do nothing
        returning provider_event_id
        "#,
        organization.get(),
        at(now) as _,
        &providers,
        &names,
        &payments,
        &kinds
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(new.into_iter().collect())
}
