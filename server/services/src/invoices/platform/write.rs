//! Gives numbers to the platform's documents and writes them down.

use domain::{
    ids::OrganizationId,
    invoices::{Document, InvoiceNumber, Prefix, Series},
};
use jiff::civil::Date;
use uuid::Uuid;

use super::due::Due;
use crate::{Services, Unexpected, db::Tx, invoices::number::take, rows::at};

/// A document that was written down.
pub(super) struct Written {
    pub organization: OrganizationId,
    pub month: Date,
    pub document: Document,
}

/// A document that gets a number and is written down.
pub(super) struct New {
    pub due: Due,
    /// The invoice that a note speaks of.
    pub corrects: Option<Uuid>,
    pub document: Document,
}

/// Documents of one kind in their order, in a series that counts by years.
pub(super) async fn write(
    sv: &Services,
    tx: &mut Tx,
    prefix: &Prefix,
    documents: Vec<New>,
) -> Result<Vec<Written>, Unexpected> {
    let Some(first) = documents.first() else {
        return Ok(Vec::new());
    };
    let series = Series {
        prefix: prefix.clone(),
        year: Some(first.document.issued_on.year()),
    };
    let many = i64::try_from(documents.len()).unwrap_or(i64::MAX);
    let from = take(tx, None, &series, many).await?;
    let mut written = Vec::with_capacity(documents.len());
    for (n, mut new) in (from..).zip(documents) {
        let number = series.number(n);
        new.document.number = number.to_string();
        insert(sv, tx, &new, (&series, &number, n)).await?;
        written.push(Written {
            organization: new.due.organization,
            month: new.due.month,
            document: new.document,
        });
    }
    Ok(written)
}

async fn insert(
    sv: &Services,
    tx: &mut Tx,
    New {
        due,
        corrects,
        document,
    }: &New,
    (series, number, n): (&Series, &InvoiceNumber, i64),
) -> Result<(), Unexpected> {
    let totals = document
        .totals()
        .map_err(|e| Unexpected::bad_row("organizations", due.organization, e))?;
    let text = serde_json::to_value(document).map_err(|e| Unexpected::new("document", e))?;
    sqlx::query!(
        r#"
        insert into invoices (id, organization_id, month, kind, number, prefix, year, n, currency, net_minor, tax_minor,
                              total_minor, issued_at, issued_on, document, corrects_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        "#,
        sv.new_id(),
        due.organization.get(),
        jiff_sqlx::Date::from(due.month) as _,
        document.kind.code(),
        number.as_str(),
        series.prefix.as_str(),
        series.year.unwrap_or(0),
        n,
        document.currency.as_str(),
        totals.net,
        totals.tax,
        totals.gross,
        at(sv.now()) as _,
        jiff_sqlx::Date::from(document.issued_on) as _,
        text,
        *corrects
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
