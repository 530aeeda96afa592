//! Figures of a span of time, all of them sums over the books: asked again later for the same span, they are the same.

use domain::{
    ids::OrganizationId,
    money::{Currency, Money},
    when::Timestamp,
};
use jiff::{civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{Permit, PlatformPermit, ViewFinances},
    rows::{at, money},
};

/// What the rows of a report stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Month,
    Event,
    Organization,
}

impl By {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Event => "event",
            Self::Organization => "organization",
        }
    }
}

/// From the first day to the last, both of them in it; days are those of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: Date,
    pub last: Date,
}

/// What buyers paid, and whose it is: `gross - refunded - disputed - tax - fees = net`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// A month (`2026-11`), or the address of an event or organization.
    pub key: String,
    /// What an event or organization is called; a month has no name of its own.
    pub name: String,
    pub orders: u32,
    pub gross: Money,
    pub refunded: Money,
    /// Taken back by buyers' banks.
    pub disputed: Money,
    /// In what is left.
    pub tax: Money,
    /// The platform's.
    pub fees: Money,
    /// The organizer's.
    pub net: Money,
}

/// An organization's figures, in the order of months or of event names.
pub async fn report(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    by: By,
    span: Span,
) -> Result<Vec<ReportRow>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = rows(&mut tx, Some(permit.organization()), by, span).await?;
    tx.commit().await?;
    Ok(rows)
}

/// The figures of all organizations.
pub async fn platform_report(
    sv: &Services,
    permit: &PlatformPermit,
    by: By,
    span: Span,
) -> Result<Vec<ReportRow>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = rows(&mut tx, None, by, span).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn rows(
    tx: &mut Tx,
    organization: Option<OrganizationId>,
    by: By,
    span: Span,
) -> Result<Vec<ReportRow>, Unexpected> {
    let rows = sqlx::query!(
        r#"
        select case $4 when 'month' then to_char(t.occurred_at at time zone 'UTC', 'YYYY-MM') when 'event' then v.slug
                       else g.slug end as "key!",
               case $4 when 'month' then '' when 'event' then v.title else g.name end as "name!",
               e.currency,
               count(distinct t.order_id) filter (where t.kind = 'sale') as "orders!",
               -coalesce(sum(e.amount_minor) filter (where t.kind = 'sale'), 0)::bigint as "gross!",
               coalesce(sum(e.amount_minor) filter (where t.kind = 'refund'), 0)::bigint as "refunded!",
               coalesce(sum(e.amount_minor) filter (where t.kind = 'dispute'), 0)::bigint as "disputed!",
               -coalesce(sum(e.amount_minor) filter (where e.account = 'tax_collected'), 0)::bigint as "tax!",
               -coalesce(sum(e.amount_minor) filter (where e.account = 'platform_fees'), 0)::bigint as "fees!",
               -coalesce(sum(e.amount_minor) filter (where e.account = 'organizer_payable'), 0)::bigint as "net!"
        from ledger_transactions t
        join ledger_entries e on e.transaction_id = t.id
        join orders o on o.id = t.order_id
        join events v on v.id = o.event_id
        join organizations g on g.id = t.organization_id
        where ($1::uuid is null or t.organization_id = $1) and t.occurred_at >= $2 and t.occurred_at < $3
          and t.kind in ('sale', 'refund', 'dispute')
          and e.account in ('organizer_payable', 'tax_collected', 'platform_fees')
        group by 1, 2, e.currency
        order by 2, 1, e.currency
        "#,
        organization.map(OrganizationId::get),
        at(midnight(span.first)) as _,
        at(midnight(span.last.saturating_add(jiff::ToSpan::days(1)))) as _,
        by.code()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let of = |minor| money("ledger_entries", &row.key, minor, &row.currency);
            Ok(ReportRow {
                orders: crate::rows::count("orders", &row.key, row.orders)?,
                gross: of(row.gross)?,
                refunded: of(row.refunded)?,
                disputed: of(row.disputed)?,
                tax: of(row.tax)?,
                fees: of(row.fees)?,
                net: of(row.net)?,
                key: row.key.clone(),
                name: row.name.clone(),
            })
        })
        .collect()
}

fn midnight(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC)
        .map_or(Timestamp::MAX, |start| start.timestamp())
}

/// What the platform holds of a currency, and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformBalance {
    /// At the payment provider.
    pub provider: Money,
    /// On the platform's own bank account, since the books began.
    pub bank: Money,
    /// Owed to organizers: free to be paid out, kept back, and on its way.
    pub organizers: Money,
    /// Owed to buyers.
    pub buyers: Money,
    /// Earned with fees.
    pub fees: Money,
    /// Paid to the provider for its work.
    pub costs: Money,
}

/// One for each currency, in the order of their names. What is held equals what is owed and earned, less the costs.
pub async fn platform_balances(
    sv: &Services,
    permit: &PlatformPermit,
) -> Result<Vec<PlatformBalance>, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let rows = sqlx::query!(
        r#"
        select currency,
               coalesce(sum(amount_minor) filter (where account = 'provider_clearing'), 0)::bigint as "provider!",
               coalesce(sum(amount_minor) filter (where account = 'bank'), 0)::bigint as "bank!",
               -coalesce(sum(amount_minor) filter (where account in
                   ('organizer_payable', 'tax_collected', 'organizer_reserve', 'payouts_payable')), 0)::bigint as "organizers!",
               -coalesce(sum(amount_minor) filter (where account = 'refunds_payable'), 0)::bigint as "buyers!",
               -coalesce(sum(amount_minor) filter (where account = 'platform_fees'), 0)::bigint as "fees!",
               coalesce(sum(amount_minor) filter (where account = 'provider_costs'), 0)::bigint as "costs!"
        from ledger_entries
        group by currency
        order by currency
        "#
    )
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    rows.into_iter()
        .map(|row| {
            let currency: Currency = crate::rows::coded("ledger_entries", "all", &row.currency)?;
            let of = |minor| Money::new(minor, currency);
            Ok(PlatformBalance {
                provider: of(row.provider),
                bank: of(row.bank),
                organizers: of(row.organizers),
                buyers: of(row.buyers),
                fees: of(row.fees),
                costs: of(row.costs),
            })
        })
        .collect()
}
