//! Takes in what the provider tells of refunds: of ours, and of those somebody made with the provider's own tools.

use domain::{
    ids::{OrderId, OrganizationId, PaymentId, RefundId},
    money::Money,
};

use super::queries;
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    orders::{self, SentElsewhere},
    ports::{KnownRefund, ProviderRefund},
};

/// Whether it is about a payment of ours.
pub(super) async fn take_in(
    sv: &Services,
    names: &ProviderRefund,
    amount: Money,
    known: &KnownRefund,
) -> Result<bool, Unexpected> {
    let ours = find_ours(sv, names, &known.reference).await?;
    if let Some(first) = ours.first() {
        let mut tx = sv.db.begin(Scope::Organization(first.organization)).await?;
        tell_all(sv, &mut tx, &ours, known).await?;
        tx.commit().await?;
        return Ok(true);
    }
    // It says that it is ours: then it will be found soon, or somebody has to look.
    if names.ours.is_some() {
        return Ok(false);
    }
    let Some(paid) = find_payment(sv, &names.charge_ref).await? else {
        return Ok(false);
    };
    let organization = paid.organization;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    // Locks in the order that holds everywhere: payment, order.
    let payment = queries::lock(&mut tx, organization, paid.payment).await?;
    // The money may have gone into orders that tickets of the first one were given in for.
    let others = orders::living_on(&mut tx, organization, paid.payment).await?;
    let ids: Vec<_> = others.into_iter().chain([paid.order.get()]).collect();
    let mut locked = orders::lock_all(&mut tx, organization, &ids).await?;
    let of = (paid.payment, paid.order);
    let holders = orders::holders(&mut tx, organization, of, amount).await?;
    let mut parts = Vec::with_capacity(holders.len());
    for (of, part) in holders {
        let Some(at) = locked.iter().position(|order| order.id == of) else {
            return Ok(false);
        };
        parts.push((locked.swap_remove(at), part));
    }
    let Some(payment) = payment else {
        return Ok(false);
    };
    // Two messages about it may have come at the same moment: whoever was first has made it one of ours.
    let ours = tried(sv, &mut tx, &known.reference).await?;
    if !ours.is_empty() {
        tell_all(sv, &mut tx, &ours, known).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let elsewhere = SentElsewhere {
        payment: payment.id,
        captured: payment.state,
        amount,
        known,
    };
    orders::refunded_elsewhere(sv, &mut tx, organization, &mut parts, &elsewhere).await?;
    tx.commit().await?;
    Ok(true)
}

/// Each of the refunds that one try of the provider is made of; nearly always it is one.
async fn tell_all(
    sv: &Services,
    tx: &mut Tx,
    ours: &[Ours],
    known: &KnownRefund,
) -> Result<(), Unexpected> {
    for one in ours {
        let at = (one.refund, one.attempt);
        orders::refund_told(sv, tx, one.organization, at, known).await?;
    }
    Ok(())
}

struct Ours {
    organization: OrganizationId,
    refund: RefundId,
    attempt: u32,
}

/// By the provider's name for the try, else by our own names on it.
async fn find_ours(
    sv: &Services,
    names: &ProviderRefund,
    reference: &str,
) -> Result<Vec<Ours>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let tried = tried(sv, &mut tx, reference).await?;
    let Some((refund, attempt)) = names.ours.filter(|_| tried.is_empty()) else {
        return Ok(tried);
    };
    let organization = sqlx::query_scalar!(
        r#"
        select r.organization_id from refunds r join payments p on p.id = r.payment_id
        where r.id = $1 and p.provider = $2
        "#,
        refund.get(),
        sv.payments.provider()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let ours = organization.map(|organization| Ours {
        organization: OrganizationId::new(organization),
        refund,
        attempt,
    });
    Ok(ours.into_iter().collect())
}

/// The refunds that a try with this name at the provider belongs to.
async fn tried(sv: &Services, tx: &mut Tx, reference: &str) -> Result<Vec<Ours>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select organization_id, refund_id, attempt from refund_tries
        where provider = $1 and reference = $2
        order by part
        "#,
        sv.payments.provider(),
        reference
    )
    .fetch_all(&mut **tx)
    .await?;
    let ours = rows.into_iter().map(|row| Ours {
        organization: OrganizationId::new(row.organization_id),
        refund: RefundId::new(row.refund_id),
        attempt: u32::try_from(row.attempt).unwrap_or(1),
    });
    Ok(ours.collect())
}

pub(super) struct Paid {
    pub organization: OrganizationId,
    pub payment: PaymentId,
    pub order: OrderId,
}

/// The payment whose money the provider names.
pub(super) async fn find_payment(
    sv: &Services,
    charge_ref: &str,
) -> Result<Option<Paid>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let row = sqlx::query!(
        "select organization_id, id, order_id from payments where provider = $1 and charge_ref = $2 order by id limit 1",
        sv.payments.provider(),
        charge_ref
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(row.map(|row| Paid {
        organization: OrganizationId::new(row.organization_id),
        payment: PaymentId::new(row.id),
        order: OrderId::new(row.order_id),
    }))
}
