//! Books what the provider charged and moved, line by line, each line once.

use std::collections::BTreeMap;

use domain::{
    books::{Booking, LineKind, bookings},
    ids::{OrderId, OrganizationId},
    when::shift,
};
use jiff::SignedDuration;

use crate::{
    Services, Unexpected,
    db::Scope,
    ledger::{self, Cause},
    rows::{at, coded, money},
};

const PORTION: i64 = 500;

/// A line may be there before the message that tells of its payment was taken in; so long is waited for that.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);

/// Books the lines that wait; how many there were.
#[tracing::instrument(skip_all)]
pub async fn book_due(sv: &Services) -> Result<usize, Unexpected> {
    let now = sv.now();
    let mut tx = sv.db.begin(Scope::System).await?;
    let rows = sqlx::query!(
        r#"
        select b.reference, b.kind, b.currency, b.amount_minor, b.fee_minor, p.organization_id as "organization_id?",
               p.order_id as "order_id?"
        from provider_book b
        left join lateral (
            select p.organization_id, p.order_id from payments p
            where p.provider = b.provider and p.charge_ref = b.charge_ref
            order by p.id limit 1
        ) p on true
        where b.provider = $1 and b.booked_at is null
          and (p.order_id is not null or b.charge_ref is null or b.occurred_at < $2)
        order by b.occurred_at, b.reference
        limit $3
        for update of b skip locked
        "#,
        sv.payments.provider(),
        at(shift(now, -PATIENCE)) as _,
        PORTION
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut postings: BTreeMap<Option<OrganizationId>, Vec<_>> = BTreeMap::new();
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        let kind: LineKind = coded("provider_book", &row.reference, &row.kind)?;
        let of = |minor| money("provider_book", &row.reference, minor, &row.currency);
        let all = bookings(kind, of(row.amount_minor)?, of(row.fee_minor)?)
            .map_err(|e| Unexpected::bad_row("provider_book", &row.reference, e))?;
        let whose = postings
            .entry(row.organization_id.map(OrganizationId::new))
            .or_default();
        for one in all {
            let reference = row.reference.clone();
            whose.push(match one {
                Booking::Cost(posting) => {
                    let order = row.order_id.map(OrderId::new);
                    (Cause::Cost { order, reference }, posting)
                }
                Booking::Transfer(posting) => (Cause::Transfer { reference }, posting),
            });
        }
        done.push(row.reference);
    }
    for (organization, postings) in &postings {
        if !postings.is_empty() {
            ledger::post_all(sv, &mut tx, *organization, postings).await?;
        }
    }
    sqlx::query!(
        "update provider_book set booked_at = $3 where provider = $1 and reference = any($2)",
        sv.payments.provider(),
        &done,
        at(now) as _
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(done.len())
}
