//! Figures of a span of time, all of them sums over the books: asked again later for the same span and the same moment, they
//! are the same.

use domain::{
    ids::OrganizationId,
    money::{Currency, Money},
    when::Timestamp,
};
use jiff::{SignedDuration, ToSpan, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    Services, Unexpected,
    db::Tx,
    permit::{Permit, PlatformPermit, ViewFinances},
    rows::{at, count, money},
};

/// How far the books are ahead of what is sure in them: a booking says when it was begun, and is seen once it is committed.
pub const SETTLED: SignedDuration = SignedDuration::from_secs(5);

/// More rows are neither read nor taken away by anybody; days of ten years are fewer.
const MOST: i64 = 5_000;

/// What the rows of a report stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// One row for everything.
    Total,
    Month,
    Day,
    Event,
    TicketType,
    TaxRate,
    /// One after the other of a ticket type's prices, by their names.
    Phase,
    /// Through whom it was paid.
    Method,
    /// Where it was sold.
    Channel,
    /// Of the platform's reports only.
    Organization,
}

impl By {
    const ALL: [Self; 10] = [
        Self::Total,
        Self::Month,
        Self::Day,
        Self::Event,
        Self::TicketType,
        Self::TaxRate,
        Self::Phase,
        Self::Method,
        Self::Channel,
        Self::Organization,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Month => "month",
            Self::Day => "day",
            Self::Event => "event",
            Self::TicketType => "type",
            Self::TaxRate => "rate",
            Self::Phase => "phase",
            Self::Method => "method",
            Self::Channel => "channel",
            Self::Organization => "organization",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.code() == code)
    }
}

/// From the first day to the last, both of them in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: Date,
    pub last: Date,
}

/// What a report is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub by: By,
    pub span: Span,
    /// Whose days these are, by their IANA name.
    pub zone: String,
    /// What was booked later is left out.
    pub as_of: Timestamp,
    /// The address of the only event.
    pub event: Option<String>,
}

impl Wanted {
    pub(crate) fn bounds(&self) -> (Timestamp, Timestamp) {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let midnight = |day: Date| {
            day.to_zoned(zone.clone())
                .map_or(Timestamp::MAX, |start| start.timestamp())
        };
        let after = self.span.last.saturating_add(1.day());
        (midnight(self.span.first), midnight(after))
    }
}

/// What buyers paid, and whose it is: `gross - refunded - disputed - dispute_fees - tax - fees = net`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// A month (`2026-11`), a day, a rate in thousandths of a percent, `reverse_charge`, a provider, or the address of an event or organization.
    pub key: String,
    /// What an event, a ticket type or an organization is called; the others have no name of their own.
    pub name: String,
    /// Paid in the span. One order can be in several rows.
    pub orders: u32,
    pub gross: Money,
    pub refunded: Money,
    /// Taken back by buyers' banks.
    pub disputed: Money,
    /// What the provider charges for disputes; the organizer bears it.
    pub dispute_fees: Money,
    /// In what is left.
    pub tax: Money,
    /// The platform's.
    pub fees: Money,
    /// The organizer's.
    pub net: Money,
    /// What the provider charged the platform; only the platform's own reports have it.
    pub costs: Option<Money>,
    /// What is owed to the organizer at the end; only in the platform's report by organization.
    pub owed: Option<Money>,
}

/// Rows, and what they sum to in each currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub rows: Vec<ReportRow>,
    /// Asked for by themselves, not added up: an order that stands in two rows counts once.
    pub totals: Vec<ReportRow>,
}

/// An organization's figures, in the order of months, days, rates or names.
pub async fn report(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    wanted: &Wanted,
) -> Result<Report, Unexpected> {
    let organization = permit.organization();
    let mut tx = sv.db.begin_snapshot(permit.scope()).await?;
    let report = Report {
        rows: rows(&mut tx, organization, wanted, wanted.by).await?,
        totals: rows(&mut tx, organization, wanted, By::Total).await?,
    };
    tx.commit().await?;
    Ok(report)
}

/// The figures of all organizations, by month or by organization; days are those of UTC.
pub async fn platform_report(
    sv: &Services,
    permit: &PlatformPermit,
    wanted: &Wanted,
) -> Result<Report, Unexpected> {
    let mut tx = sv.db.begin_snapshot(permit.scope()).await?;
    let report = Report {
        rows: platform_rows(&mut tx, wanted, wanted.by).await?,
        totals: platform_rows(&mut tx, wanted, By::Total).await?,
    };
    tx.commit().await?;
    Ok(report)
}

/// As they come from the database, whichever query it was.
macro_rules! row {
    ($row:ident, $costs:expr, $owed:expr) => {{
        let of = |minor| money("ledger_entries", &$row.key, minor, &$row.currency);
        Ok(ReportRow {
            orders: count("orders", &$row.key, $row.orders)?,
            gross: of($row.gross)?,
            refunded: of($row.refunded)?,
            disputed: of($row.disputed)?,
            dispute_fees: of($row.dispute_fees)?,
            tax: of($row.tax)?,
            fees: of($row.fees)?,
            net: of($row.net)?,
            costs: Option::<i64>::map($costs, of).transpose()?,
            owed: Option::<i64>::map($owed, of).transpose()?,
            key: $row.key.clone(),
            name: $row.name.clone(),
        })
    }};
}

async fn rows(
    tx: &mut Tx,
    organization: OrganizationId,
    wanted: &Wanted,
    by: By,
) -> Result<Vec<ReportRow>, Unexpected> {
    let (from, until) = wanted.bounds();
    if matches!(by, By::TicketType | By::TaxRate | By::Phase) {
        let rows = sqlx::query_file!(
            "src/ledger/report_lines.sql",
            organization.get(),
            at(from) as _,
            at(until) as _,
            at(wanted.as_of) as _,
            by.code(),
            wanted.event.as_deref(),
            MOST
        )
        .fetch_all(&mut **tx)
        .await?;
        return rows.into_iter().map(|row| row!(row, None, None)).collect();
    }
    let rows = sqlx::query_file!(
        "src/ledger/report.sql",
        organization.get(),
        at(from) as _,
        at(until) as _,
        at(wanted.as_of) as _,
        by.code(),
        wanted.zone,
        wanted.event.as_deref(),
        MOST
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(|row| row!(row, None, None)).collect()
}

async fn platform_rows(tx: &mut Tx, wanted: &Wanted, by: By) -> Result<Vec<ReportRow>, Unexpected> {
    let (from, until) = wanted.bounds();
    let rows = sqlx::query_file!(
        "src/ledger/platform_report.sql",
        at(from) as _,
        at(until) as _,
        at(wanted.as_of) as _,
        by.code(),
        MOST
    )
    .fetch_all(&mut **tx)
    .await?;
    let owes = by != By::Month;
    rows.into_iter()
        .map(|row| row!(row, Some(row.costs), owes.then_some(row.owed)))
        .collect()
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
    /// Given to organizers in corrections, less what was taken.
    pub adjustments: Money,
}

/// One for each currency, in the order of their names. What is held equals what is owed and earned, less costs and corrections.
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
               coalesce(sum(amount_minor) filter (where account = 'provider_costs'), 0)::bigint as "costs!",
               coalesce(sum(amount_minor) filter (where account = 'adjustments'), 0)::bigint as "adjustments!"
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
                adjustments: of(row.adjustments),
            })
        })
        .collect()
}
