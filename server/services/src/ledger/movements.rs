//! What has changed what an organization is owed, booking by booking.

use domain::{money::Money, when::Timestamp};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    paging::{Cursor, Page, limit},
    permit::{Permit, ViewFinances},
    rows::money,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    pub id: Uuid,
    pub at: Timestamp,
    /// `sale`, `refund`, `dispute`, `payout`, `reserve`, `adjustment`.
    pub kind: String,
    pub order_code: Option<String>,
    pub event_title: Option<String>,
    pub payout_number: Option<i32>,
    /// Why, of a correction.
    pub reason: Option<String>,
    /// By how much it changed what is owed to the organization.
    pub owed: Money,
    /// The tax in it.
    pub tax: Money,
    /// The platform's fee of it.
    pub fee: Money,
}

/// Newest first.
pub async fn movements(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    cursor: Option<&str>,
    size: u16,
) -> Result<Page<Movement>, Unexpected> {
    let (size, after) = (limit(size), Cursor::decode(cursor));
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select t.id, t.kind, t.occurred_at, o.code as "code?", v.title as "title?", p.number as "number?",
               a.reason as "reason?",
               b.currency as "currency!", b.owed as "owed!", b.tax as "tax!", b.fee as "fee!"
        from ledger_transactions t
        cross join lateral (
            select e.currency,
                   -coalesce(sum(e.amount_minor) filter (where e.account in ('organizer_payable', 'tax_collected')), 0)::bigint as owed,
                   -coalesce(sum(e.amount_minor) filter (where e.account = 'tax_collected'), 0)::bigint as tax,
                   -coalesce(sum(e.amount_minor) filter (where e.account = 'platform_fees'), 0)::bigint as fee
            from ledger_entries e
            where e.transaction_id = t.id
            group by e.currency
        ) b
        left join orders o on o.id = t.order_id
        left join events v on v.id = o.event_id
        left join payouts p on p.id = t.payout_id
        left join adjustments a on a.id = t.adjustment_id
        where t.organization_id = $1 and ($2::timestamptz is null or (t.occurred_at, t.id) < ($2, $3))
          and (b.owed <> 0 or b.tax <> 0 or b.fee <> 0)
        order by t.occurred_at desc, t.id desc
        limit $4
        "#,
        permit.organization().get(),
        after.map(|c| jiff_sqlx::Timestamp::from(c.at)) as _,
        after.map(|c| c.id),
        i64::try_from(size + 1).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    let items = rows
        .into_iter()
        .map(|row| {
            let of = |minor| money("ledger_entries", row.id, minor, &row.currency);
            Ok(Movement {
                id: row.id,
                at: row.occurred_at.to_jiff(),
                kind: row.kind,
                order_code: row.code,
                event_title: row.title,
                payout_number: row.number,
                reason: row.reason,
                owed: of(row.owed)?,
                tax: of(row.tax)?,
                fee: of(row.fee)?,
            })
        })
        .collect::<Result<Vec<_>, Unexpected>>()?;
    Ok(Page::cut(items, size, |row| Cursor {
        at: row.at,
        id: row.id,
    }))
}
