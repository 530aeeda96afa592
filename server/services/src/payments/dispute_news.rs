//! Takes in what the provider tells of disputes, and asks about those that are open.

use domain::{disputes::DisputeState, when::shift};
use jiff::SignedDuration;

use super::{queries, refund_news::find_payment};
use crate::{
    Services, Unexpected,
    db::{Scope, Tx},
    disputes::{self, Disputed},
    invoices, orders,
    ports::{KnownDispute, PortError},
    rows::at,
};

/// Banks take days; a message that was lost is found within the hour.
const AGAIN: SignedDuration = SignedDuration::from_mins(60);

/// Whether it is about a payment of ours.
pub(crate) async fn take_in(sv: &Services, known: &KnownDispute) -> Result<bool, Unexpected> {
    let Some(paid) = find_payment(sv, &known.charge_ref).await? else {
        return Ok(false);
    };
    let organization = paid.organization;
    let mut tx = sv.db.begin(Scope::Organization(organization)).await?;
    // A decision is a matter of documents too, whose turn comes before all other locks.
    if !known.told.state.is_open() {
        invoices::take_turn(&mut tx, organization).await?;
    }
    // Locks in the order that holds everywhere: payment, order.
    let payment = queries::lock(&mut tx, organization, paid.payment).await?;
    // Orders that tickets of this one were given in for live on its money.
    let others = orders::living_on(&mut tx, organization, paid.payment).await?;
    let ids: Vec<_> = others.into_iter().chain([paid.order.get()]).collect();
    let mut orders = orders::lock_all(&mut tx, organization, &ids).await?;
    let own = orders.iter().position(|order| order.id == paid.order);
    let order = own.map(|at| orders.swap_remove(at));
    let (Some(payment), Some(mut order)) = (payment, order) else {
        return Ok(false);
    };
    let of = Disputed {
        payment: payment.id,
        own: !is_second(&mut tx, &payment).await?,
    };
    disputes::dispute_told(sv, &mut tx, &mut order, of, known).await?;
    if of.own {
        disputes::follow(sv, &mut tx, &mut orders).await?;
    }
    if !known.told.state.is_open() {
        disputes::settle_losses(sv, &mut tx, (&order, orders.as_mut_slice()), of, known).await?;
    }
    // Whose event was called off meanwhile has a right to it.
    if known.told.state == DisputeState::Won && of.own {
        for order in std::iter::once(&mut order).chain(&mut orders) {
            orders::give_back_won(sv, &mut tx, order, payment.id).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// Whether it paid for an order that was paid already.
async fn is_second(tx: &mut Tx, payment: &queries::Payment) -> Result<bool, Unexpected> {
    let second = sqlx::query_scalar!(
        r#"
        select exists (
            select from refunds where organization_id = $1 and payment_id = $2 and of_second_payment
        ) as "second!"
        "#,
        payment.organization.get(),
        payment.id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(second)
}

/// Asks about up to `limit` disputes that are open, those first that were not asked about for the longest time; returns
/// how many.
pub(super) async fn compare(sv: &Services, limit: i64) -> Result<usize, Unexpected> {
    if !sv.payments.takes_disputes() {
        return Ok(0);
    }
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let names = sqlx::query_scalar!(
        r#"
        update disputes set asked_at = $3
        where id in (
            select id from disputes
            where provider = $1 and state in ('inquiry', 'inquiry_answered', 'needs_answer', 'under_review')
              and coalesce(asked_at, opened_at) < $2
            order by asked_at nulls first, id
            limit $4
            for update skip locked
        )
        returning reference
        "#,
        sv.payments.provider(),
        at(shift(now, -AGAIN)) as _,
        at(now) as _,
        limit
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    for (asked, name) in names.iter().enumerate() {
        let known = match sv.payments.find_dispute(name).await {
            Err(PortError::Unavailable(why)) => {
                tracing::warn!(why, "the payment provider cannot be asked");
                ask_soon(sv, names.get(asked..).unwrap_or_default()).await?;
                return Ok(asked);
            }
            known => known.map_err(|e| Unexpected::new("find dispute", e)),
        };
        let taken = match known {
            Ok(Some(known)) => take_in(sv, &known).await.map(drop),
            Ok(None) => Ok(()),
            Err(e) => Err(e),
        };
        // One that cannot be understood must not keep the others from being asked about.
        if let Err(e) = taken {
            tracing::error!(dispute = name, error = %e, "a dispute cannot be compared with the provider");
        }
    }
    Ok(names.len())
}

/// These were not asked about after all: an hour is too long to wait for a provider that was down for a moment.
async fn ask_soon(sv: &Services, names: &[String]) -> Result<(), Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    sqlx::query!(
        "update disputes set asked_at = null where provider = $1 and reference = any($2)",
        sv.payments.provider(),
        names
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
