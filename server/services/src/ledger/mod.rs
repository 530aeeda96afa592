//! Keeps the books: each posting of `domain::ledger` becomes a transaction that can never be changed.

mod adjust;
mod balance;
mod movements;
mod report;
mod sheets;
mod zone;

pub use adjust::{AdjustError, adjust};
pub(crate) use balance::owed;
pub use balance::{Balance, balances};
pub use movements::{Movement, movements};
pub use report::{
    By, PlatformBalance, Report, ReportRow, SETTLED, Span, Wanted, platform_balances,
    platform_report, report,
};
pub use sheets::{report_book, report_sheet};
pub(crate) use zone::zone_of;
pub use zone::{SetZoneError, set_zone, sold_events, zone};

use domain::{
    ids::{DisputeId, OrderId, OrganizationId, PayoutId, RefundId},
    ledger::Posting,
};
use uuid::Uuid;

use crate::{Services, Unexpected, db::Tx, rows::at};

/// What happened, as the books name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    Sale {
        order: OrderId,
    },
    Refund {
        order: OrderId,
        refund: RefundId,
    },
    /// Tickets were given in for others: with the refund that says so, in the order that they leave; without one, in the order
    /// that they pay for.
    Exchange {
        order: OrderId,
        refund: Option<RefundId>,
    },
    /// `reference`: the provider's name for the step, so that it is booked once.
    Dispute {
        order: OrderId,
        dispute: DisputeId,
        reference: String,
    },
    /// What the provider charges for its work; booked once per reference.
    Cost {
        order: Option<OrderId>,
        reference: String,
    },
    /// Went straight to the organizer's own account at the provider, or was taken back from there for a refund.
    Straight {
        order: OrderId,
        refund: Option<RefundId>,
    },
    /// Kept back, or free again.
    Reserve {
        payout: PayoutId,
    },
    Payout {
        payout: PayoutId,
    },
    /// The platform corrects what it owes.
    Adjustment {
        adjustment: Uuid,
    },
    /// Between the platform's own accounts; booked once per reference.
    Transfer {
        reference: String,
    },
}

/// A cause as its columns.
#[derive(Default)]
struct Columns<'a> {
    kind: &'static str,
    order: Option<Uuid>,
    refund: Option<Uuid>,
    payout: Option<Uuid>,
    dispute: Option<Uuid>,
    adjustment: Option<Uuid>,
    reference: Option<&'a str>,
}

impl Cause {
    fn columns(&self) -> Columns<'_> {
        let base = Columns::default();
        match self {
            Self::Sale { order } => Columns {
                kind: "sale",
                order: Some(order.get()),
                ..base
            },
            Self::Refund { order, refund } => Columns {
                kind: "refund",
                order: Some(order.get()),
                refund: Some(refund.get()),
                ..base
            },
            Self::Exchange { order, refund } => Columns {
                kind: "exchange",
                order: Some(order.get()),
                refund: refund.map(RefundId::get),
                ..base
            },
            Self::Dispute {
                order,
                dispute,
                reference,
            } => Columns {
                kind: "dispute",
                order: Some(order.get()),
                dispute: Some(dispute.get()),
                reference: Some(reference),
                ..base
            },
            Self::Cost { order, reference } => Columns {
                kind: "cost",
                order: order.map(OrderId::get),
                reference: Some(reference),
                ..base
            },
            Self::Straight { order, refund } => Columns {
                kind: "straight",
                order: Some(order.get()),
                refund: refund.map(RefundId::get),
                ..base
            },
            Self::Reserve { payout } => Columns {
                kind: "reserve",
                payout: Some(payout.get()),
                ..base
            },
            Self::Payout { payout } => Columns {
                kind: "payout",
                payout: Some(payout.get()),
                ..base
            },
            Self::Adjustment { adjustment } => Columns {
                kind: "adjustment",
                adjustment: Some(*adjustment),
                ..base
            },
            Self::Transfer { reference } => Columns {
                kind: "transfer",
                reference: Some(reference),
                ..base
            },
        }
    }
}

/// Books in the caller's transaction. What belongs to no organization is the platform's own.
pub async fn post(
    sv: &Services,
    tx: &mut Tx,
    organization: impl Into<Option<OrganizationId>>,
    cause: Cause,
    posting: &Posting,
) -> Result<(), Unexpected> {
    post_all(sv, tx, organization, &[(cause, posting.clone())]).await
}

/// Books several postings, in one statement per table: the entries of a transaction arrive together, so that the
/// database can see that they sum to zero.
pub async fn post_all(
    sv: &Services,
    tx: &mut Tx,
    organization: impl Into<Option<OrganizationId>>,
    postings: &[(Cause, Posting)],
) -> Result<(), Unexpected> {
    let organization = organization.into().map(OrganizationId::get);
    let mut rows = Rows::default();
    let mut entries = Entries::default();
    for (cause, posting) in postings {
        let id = sv.new_id();
        rows.add(id, &cause.columns());
        for (n, entry) in (1..).zip(posting.entries()) {
            entries.transactions.push(id);
            entries.numbers.push(n);
            entries.accounts.push(entry.account.code().to_owned());
            entries.amounts.push(entry.amount.minor);
            entries.currencies.push(entry.amount.currency.to_string());
        }
    }
    sqlx::query!(
        r#"
        insert into ledger_transactions (id, organization_id, kind, order_id, refund_id, payout_id, dispute_id, reference,
                                         adjustment_id, occurred_at)
        select n.id, $1, n.kind, n.order_id, n.refund_id, n.payout_id, n.dispute_id, n.reference, n.adjustment_id, $2
        from unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::uuid[])
            as n (id, kind, order_id, refund_id, payout_id, dispute_id, reference, adjustment_id)
        "#,
        organization,
        at(sv.now()) as _,
        &rows.ids,
        &rows.kinds,
        &rows.orders as &[Option<Uuid>],
        &rows.refunds as &[Option<Uuid>],
        &rows.payouts as &[Option<Uuid>],
        &rows.disputes as &[Option<Uuid>],
        &rows.references as &[Option<String>],
        &rows.adjustments as &[Option<Uuid>]
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        r#"
        insert into ledger_entries (transaction_id, n, organization_id, account, amount_minor, currency)
        select entry.transaction_id, entry.n, $1, entry.account, entry.amount, entry.currency
        from unnest($2::uuid[], $3::smallint[], $4::text[], $5::bigint[], $6::text[])
            as entry (transaction_id, n, account, amount, currency)
        "#,
        organization,
        &entries.transactions,
        &entries.numbers,
        &entries.accounts,
        &entries.amounts,
        &entries.currencies
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(Default)]
struct Rows {
    ids: Vec<Uuid>,
    kinds: Vec<String>,
    orders: Vec<Option<Uuid>>,
    refunds: Vec<Option<Uuid>>,
    payouts: Vec<Option<Uuid>>,
    disputes: Vec<Option<Uuid>>,
    references: Vec<Option<String>>,
    adjustments: Vec<Option<Uuid>>,
}

impl Rows {
    fn add(&mut self, id: Uuid, cause: &Columns<'_>) {
        self.ids.push(id);
        self.kinds.push(cause.kind.to_owned());
        self.orders.push(cause.order);
        self.refunds.push(cause.refund);
        self.payouts.push(cause.payout);
        self.disputes.push(cause.dispute);
        self.references.push(cause.reference.map(str::to_owned));
        self.adjustments.push(cause.adjustment);
    }
}

#[derive(Default)]
struct Entries {
    transactions: Vec<Uuid>,
    numbers: Vec<i16>,
    accounts: Vec<String>,
    amounts: Vec<i64>,
    currencies: Vec<String>,
}
