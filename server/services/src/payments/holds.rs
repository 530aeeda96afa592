//! Money that banks keep ready: it is taken once the organizer has said yes, and let go of when the order is over.

use domain::{
    ids::{OrderId, OrganizationId, PaymentId},
    money::Money,
    when::shift,
};
use jiff::SignedDuration;

use super::{
    look::{self, LookError},
    queries,
};
use crate::{
    Services, Unexpected,
    db::Scope,
    ports::{KnownPayment, PaymentStanding, PortError, ProviderPayment},
    rows::{at, money},
};

/// How soon the same is tried again.
const AGAIN: SignedDuration = SignedDuration::from_secs(20);

/// After so many that could not be settled the provider itself is the matter.
const IN_VAIN: u32 = 3;

/// What is due with one of them.
struct Due {
    payment: ProviderPayment,
    amount: Money,
    /// It is to be taken; else let go of.
    take: bool,
}

/// Takes or lets go of what is held for one order, as it was just decided.
pub(crate) async fn settle_holds(
    sv: &Services,
    organization: OrganizationId,
    order: OrderId,
) -> Result<(), Unexpected> {
    for due in claim(sv, Some((organization, order)), 10).await? {
        match one(sv, &due).await {
            Ok(()) => {}
            Err(LookError::Port(e)) => return Err(Unexpected::new("settle a hold", e)),
            Err(LookError::Unexpected(e)) => return Err(e),
        }
    }
    Ok(())
}

/// The same for up to `limit` of all; returns how many there were.
pub(super) async fn settle_due(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    let due = claim(sv, None, limit).await?;
    let (mut done, mut failed) = (0, 0);
    for due in &due {
        match one(sv, due).await {
            Ok(()) => {}
            Err(LookError::Port(PortError::Unavailable(why))) => {
                tracing::warn!(payment.id = %due.payment.payment, why, "the payment provider cannot settle what is held");
                failed += 1;
                // One payment may be the matter; of several it is the provider.
                if failed >= IN_VAIN {
                    return Ok(done);
                }
            }
            Err(e) => {
                tracing::error!(payment.id = %due.payment.payment, error = %e, "what is held cannot be settled");
            }
        }
        done += 1;
    }
    Ok(done)
}

/// Takes what is due, so that no other process does the same at the same time. One card is enough: what is held twice for an
/// order is let go of once. A card that is beyond its limit is never the one.
async fn claim(
    sv: &Services,
    of: Option<(OrganizationId, OrderId)>,
    limit: i64,
) -> Result<Vec<Due>, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    if let Some((organization, order)) = of {
        // Who has just decided waits for whoever is about to; the others come back later.
        queries::lock_of_order(&mut tx, organization, order).await?;
    }
    let rows = sqlx::query!(
        r#"
        with held as materialized (
            select p.id, o.state = 'pending' and o.decision = 'approved' and first.it as take
            from payments p
            join orders o on o.id = p.order_id
            cross join lateral (
                select not p.over_card_limit and not exists (
                    select from payments q
                    where q.order_id = p.order_id and q.state = 'held' and not q.over_card_limit and q.id < p.id
                ) as it
            ) first
            where p.state = 'held' and p.provider = $1 and (o.state <> 'asked' or not first.it)
              and ($2::uuid is null or (p.organization_id = $2 and p.order_id = $3))
              and ($2::uuid is not null or p.settling_at is null or p.settling_at < $4)
            order by p.settling_at nulls first, p.id
            limit $5
            for update of p skip locked
        )
        update payments p set settling_at = $6
        from held
        where p.id = held.id
        returning p.id, p.provider_ref, p.charge_ref, p.amount_minor, p.currency, held.take as "take!"
        "#,
        sv.payments.provider(),
        of.map(|(organization, _)| organization.get()),
        of.map(|(_, order)| order.get()),
        at(shift(now, -AGAIN)) as _,
        limit,
        at(now) as _
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            Ok(Due {
                payment: ProviderPayment {
                    payment: PaymentId::new(row.id),
                    provider_ref: row.provider_ref,
                    charge_ref: row.charge_ref,
                },
                amount: money("payments", row.id, row.amount_minor, &row.currency)?,
                take: row.take,
            })
        })
        .collect()
}

async fn one(sv: &Services, due: &Due) -> Result<(), LookError> {
    let payment = &due.payment;
    let known = if due.take {
        match sv.payments.capture(payment, due.amount).await {
            Ok(known) => known,
            // Perhaps it is over at the provider, or was taken before. Else it cannot be taken: the buyer pays another way.
            Err(PortError::Refused(why)) => {
                tracing::warn!(payment.id = %payment.payment, why, "what is held cannot be taken");
                match sv.payments.find(payment).await? {
                    Some(known) if known.standing != PaymentStanding::Held => known,
                    _ => sv.payments.release(payment).await?,
                }
            }
            Err(e) => return Err(e.into()),
        }
    } else {
        sv.payments.release(payment).await?
    };
    take_in(sv, payment.payment, &known).await?;
    Ok(())
}

async fn take_in(
    sv: &Services,
    payment: PaymentId,
    known: &KnownPayment,
) -> Result<(), Unexpected> {
    let seen = format!("seen|{payment}|{:?}|{}", known.standing, known.closed);
    look::take_in(sv, payment, seen, known).await.map(|_| ())
}
