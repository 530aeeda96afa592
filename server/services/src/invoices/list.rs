//! Documents in lists: all of an organization, newest first, or those of one order.

use domain::{
    ids::{OrderId, OrganizationId},
    invoices::Kind,
    money::Money,
    when::Timestamp,
};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Tx,
    paging::{self, Cursor, Page},
    permit::{Permit, ViewOrders},
    rows::{at, coded, money},
};

/// A month of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    pub first: Date,
    /// Of the next one.
    pub until: Date,
}

impl Month {
    /// Reads "2026-11".
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.trim().split_once('-')?;
        let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        Some(Self {
            first,
            until: first.checked_add(1.month()).ok()?,
        })
    }

    /// "2026-11"
    pub fn code(self) -> String {
        format!("{:04}-{:02}", self.first.year(), self.first.month())
    }
}

#[derive(Debug, Clone, Default)]
pub struct ListInvoices {
    /// All months when absent.
    pub month: Option<Month>,
    pub cursor: Option<String>,
    pub limit: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    pub id: Uuid,
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    pub issued_at: Timestamp,
    /// The order's code.
    pub order: String,
    pub buyer: String,
    pub net: Money,
    pub tax: Money,
    pub total: Money,
    /// The number of the invoice that it takes back or replaces.
    pub corrects: Option<String>,
}

/// One page of an organization's documents.
pub async fn list(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    ask: &ListInvoices,
) -> Result<Page<InvoiceRow>, Unexpected> {
    let limit = paging::limit(ask.limit);
    let mut tx = sv.db.begin(permit.scope()).await?;
    let items = page(&mut tx, permit, ask, limit + 1).await?;
    tx.commit().await?;
    Ok(Page::cut(items, limit, cursor))
}

pub(super) fn cursor(row: &InvoiceRow) -> Cursor {
    Cursor {
        at: row.issued_at,
        id: row.id,
    }
}

pub(super) async fn page(
    tx: &mut Tx,
    permit: &Permit<ViewOrders>,
    ask: &ListInvoices,
    limit: usize,
) -> Result<Vec<InvoiceRow>, Unexpected> {
    let after = Cursor::decode(ask.cursor.as_deref());
    let only = permit.only_events();
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id, kind, number, issued_on as "issued_on: _", issued_at as "issued_at: _", currency, net_minor,
               tax_minor, total_minor, document ->> 'order' as "order!", document #>> '{buyer,name}' as "buyer!",
               document #>> '{corrects,number}' as corrects
        from invoices
        where organization_id = $1 and order_id is not null
          and ($2::uuid[] is null or event_id = any($2))
          and ($3::date is null or issued_on >= $3) and ($4::date is null or issued_on < $4)
          and ($5::timestamptz is null or (issued_at, id) < ($5, $6))
        order by issued_at desc, id desc
        limit $7
        "#,
        permit.organization().get(),
        only.as_deref(),
        ask.month.map(|m| jiff_sqlx::Date::from(m.first)) as _,
        ask.month.map(|m| jiff_sqlx::Date::from(m.until)) as _,
        after.map(|cursor| at(cursor.at)) as _,
        after.map(|cursor| cursor.id),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(InvoiceRow::try_from).collect()
}

/// The documents of one order, in the order in which they were issued.
pub(crate) async fn of_order(
    tx: &mut Tx,
    organization: OrganizationId,
    order: OrderId,
) -> Result<Vec<InvoiceRow>, Unexpected> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        select id, kind, number, issued_on as "issued_on: _", issued_at as "issued_at: _", currency, net_minor,
               tax_minor, total_minor, document ->> 'order' as "order!", document #>> '{buyer,name}' as "buyer!",
               document #>> '{corrects,number}' as corrects
        from invoices
        where organization_id = $1 and order_id = $2
        order by issued_at, id
        "#,
        organization.get(),
        order.get()
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(InvoiceRow::try_from).collect()
}

struct Row {
    id: Uuid,
    kind: String,
    number: String,
    issued_on: jiff_sqlx::Date,
    issued_at: jiff_sqlx::Timestamp,
    currency: String,
    net_minor: i64,
    tax_minor: i64,
    total_minor: i64,
    order: String,
    buyer: String,
    corrects: Option<String>,
}

impl TryFrom<Row> for InvoiceRow {
    type Error = Unexpected;

    fn try_from(row: Row) -> Result<Self, Unexpected> {
        let amount = |minor| money("invoices", row.id, minor, &row.currency);
        Ok(Self {
            id: row.id,
            kind: coded("invoices", row.id, &row.kind)?,
            number: row.number,
            issued_on: row.issued_on.to_jiff(),
            issued_at: row.issued_at.to_jiff(),
            order: row.order,
            buyer: row.buyer,
            net: amount(row.net_minor)?,
            tax: amount(row.tax_minor)?,
            total: amount(row.total_minor)?,
            corrects: row.corrects,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let month = Month::parse("2026-12").unwrap();
        assert_eq!(
            (month.first.to_string(), month.until.to_string()),
            ("2026-12-01".into(), "2027-01-01".into())
        );
        assert_eq!(month.code(), "2026-12");
        for bad in ["", "2026", "2026-13", "2026-00", "x-1", "99999-01"] {
            assert!(Month::parse(bad).is_none(), "{bad}");
        }
    }
}
