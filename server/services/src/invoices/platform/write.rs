//! Gives numbers to the platform's documents and writes them down.

use domain::{
    ids::OrganizationId,
    invoices::{Document, InvoiceNumber, Kind, Series},
};
use jiff::civil::Date;

use super::{due::Due, settings::Issuer};
use crate::{Services, Unexpected, db::Tx, invoices::number::take, rows::at};

/// A document that was written down.
pub(super) struct Written {
    pub organization: OrganizationId,
    pub month: Date,
    pub document: Document,
}

/// In their order, each kind in its series; both count by years.
pub(super) async fn write(
    sv: &Services,
    tx: &mut Tx,
    issuer: &Issuer,
    documents: Vec<(Due, Document)>,
) -> Result<Vec<Written>, Unexpected> {
    let mut written = Vec::with_capacity(documents.len());
    let (invoices, notes): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|(_, document)| document.kind == Kind::Platform);
    for (prefix, documents) in [
        (&issuer.invoice_prefix, invoices),
        (&issuer.credit_prefix, notes),
    ] {
        let Some((_, first)) = documents.first() else {
            continue;
        };
        let series = Series {
            prefix: prefix.clone(),
            year: Some(first.issued_on.year()),
        };
        let many = i64::try_from(documents.len()).unwrap_or(i64::MAX);
        let from = take(tx, None, &series, many).await?;
        for (n, (due, mut document)) in (from..).zip(documents) {
            let number = series.number(n);
            document.number = number.to_string();
            insert(sv, tx, &due, &document, (&series, &number, n)).await?;
            written.push(Written {
                organization: due.organization,
                month: due.month,
                document,
            });
        }
    }
    Ok(written)
}

async fn insert(
    sv: &Services,
    tx: &mut Tx,
    due: &Due,
    document: &Document,
    (series, number, n): (&Series, &InvoiceNumber, i64),
) -> Result<(), Unexpected> {
    let totals = document
        .totals()
        .map_err(|e| Unexpected::bad_row("organizations", due.organization, e))?;
    let text = serde_json::to_value(document).map_err(|e| Unexpected::new("document", e))?;
    sqlx::query!(
        r#"
        insert into invoices (id, organization_id, month, kind, number, prefix, year, n, currency, net_minor, tax_minor,
                              total_minor, issued_at, issued_on, document)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
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
        text
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
