//! The platform's documents in lists, newest first: of one organization, or of all.

use domain::{ids::OrganizationId, invoices::Kind, money::Money, when::Timestamp};
use jiff::civil::Date;
use uuid::Uuid;

use crate::{
    Services, Unexpected,
    db::Tx,
    invoices::list::Month,
    paging::{self, Cursor, Page},
    permit::{Permit, PlatformPermit, ViewFinances},
    rows::{at, coded, money},
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformBill {
    pub id: Uuid,
    pub kind: Kind,
    pub number: String,
    pub month: Date,
    pub issued_on: Date,
    pub issued_at: Timestamp,
    /// The name on it.
    pub recipient: String,
    pub organization: String,
    pub slug: String,
    /// Whether the organization owes the tax itself.
    pub reverse_charge: bool,
    pub net: Money,
    pub tax: Money,
    pub total: Money,
}

/// What a platform admin asks for.
#[derive(Debug, Clone, Default)]
pub struct ListBills {
    /// The month that is billed; all when absent.
    pub month: Option<Month>,
    /// A part of the organization's name, or its address; empty: all.
    pub organization: String,
    pub cursor: Option<String>,
    pub limit: u16,
}

/// One page of what the platform billed an organization.
pub async fn of_organization(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    cursor_text: Option<&str>,
    limit: u16,
) -> Result<Page<PlatformBill>, Unexpected> {
    let limit = paging::limit(limit);
    let ask = ListBills {
        cursor: cursor_text.map(ToOwned::to_owned),
        ..ListBills::default()
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    let items = page(&mut tx, Some(permit.organization()), &ask, limit + 1).await?;
    tx.commit().await?;
    Ok(Page::cut(items, limit, cursor))
}

/// One page of what the platform billed.
pub async fn all(
    sv: &Services,
    permit: &PlatformPermit,
    ask: &ListBills,
) -> Result<Page<PlatformBill>, Unexpected> {
    let limit = paging::limit(ask.limit);
    let mut tx = sv.db.begin(permit.scope()).await?;
    let items = page(&mut tx, None, ask, limit + 1).await?;
    tx.commit().await?;
    Ok(Page::cut(items, limit, cursor))
}

pub(super) fn cursor(row: &PlatformBill) -> Cursor {
    Cursor {
        at: row.issued_at,
        id: row.id,
    }
}

pub(super) async fn page(
    tx: &mut Tx,
    organization: Option<OrganizationId>,
    ask: &ListBills,
    limit: usize,
) -> Result<Vec<PlatformBill>, Unexpected> {
    let after = Cursor::decode(ask.cursor.as_deref());
    let rows = sqlx::query!(
        r#"
        select i.id, i.kind, i.number, i.month as "month!: jiff_sqlx::Date", i.issued_on as "issued_on: jiff_sqlx::Date",
               i.issued_at as "issued_at: jiff_sqlx::Timestamp", i.currency, i.net_minor, i.tax_minor, i.total_minor,
               i.document #>> '{buyer,name}' as "recipient!", o.name, o.slug,
               i.document #>> '{lines,0,category}' = 'AE' as "reverse_charge!"
        from invoices i
        join organizations o on o.id = i.organization_id
        where i.order_id is null
          and ($1::uuid is null or i.organization_id = $1)
          and ($2::date is null or i.month = $2)
          and ($3 = '' or o.slug = $3 or strpos(lower(o.name), lower($3)) > 0)
          and ($4::timestamptz is null or (i.issued_at, i.id) < ($4, $5))
        order by i.issued_at desc, i.id desc
        limit $6
        "#,
        organization.map(OrganizationId::get),
        ask.month.map(|m| jiff_sqlx::Date::from(m.first)) as _,
        ask.organization.trim(),
        after.map(|cursor| at(cursor.at)) as _,
        after.map(|cursor| cursor.id),
        i64::try_from(limit).unwrap_or(i64::MAX)
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            let amount = |minor| money("invoices", row.id, minor, &row.currency);
            Ok(PlatformBill {
                id: row.id,
                kind: coded("invoices", row.id, &row.kind)?,
                number: row.number,
                month: row.month.to_jiff(),
                issued_on: row.issued_on.to_jiff(),
                issued_at: row.issued_at.to_jiff(),
                recipient: row.recipient,
                organization: row.name,
                slug: row.slug,
                reverse_charge: row.reverse_charge,
                net: amount(row.net_minor)?,
                tax: amount(row.tax_minor)?,
                total: amount(row.total_minor)?,
            })
        })
        .collect()
}
