//! Printing documents, for those who may see them. Each time anew from what was written down.

use domain::invoices::{Document, InvoiceNumber};

use super::read;
use crate::{
    Services, Unexpected,
    db::Scope,
    orders,
    permit::{Permit, ViewOrders},
};

/// A file to hand out.
#[derive(Debug, Clone)]
pub struct Printed {
    pub number: String,
    pub pdf: Vec<u8>,
}

/// For the buyer, whose right is the secret of their order; `None` when that order has no such document.
pub async fn print_by_secret(
    sv: &Services,
    secret: &str,
    number: &InvoiceNumber,
) -> Result<Option<Printed>, Unexpected> {
    let mut tx = sv.db.begin(Scope::System).await?;
    let Some((order, organization)) = orders::find_by_secret(&mut tx, secret).await? else {
        return Ok(None);
    };
    tx.narrow(organization).await?;
    let row = sqlx::query!(
        r#"
        select id, document from invoices
        where organization_id = $1 and order_id = $2 and number = $3
        "#,
        organization.get(),
        order.get(),
        number.as_str()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    match row {
        Some(row) => pdf(read(row.id, row.document)?).await.map(Some),
        None => Ok(None),
    }
}

/// For the organizer; of those who work for some events only, their events'.
pub async fn print(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    number: &InvoiceNumber,
) -> Result<Option<Printed>, Unexpected> {
    let only = permit.only_events();
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select id, document from invoices
        where organization_id = $1 and number = $2 and order_id is not null
          and ($3::uuid[] is null or event_id = any($3))
        "#,
        permit.organization().get(),
        number.as_str(),
        only.as_deref()
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    match row {
        Some(row) => pdf(read(row.id, row.document)?).await.map(Some),
        None => Ok(None),
    }
}

/// Letters are joined and fonts cut down, which takes milliseconds: not beside requests.
pub(super) async fn pdf(document: Document) -> Result<Printed, Unexpected> {
    let number = document.number.clone();
    let made = tokio::task::spawn_blocking(move || documents::pdf(&document)).await;
    let pdf = made
        .map_err(|e| Unexpected::new("print a document", e))?
        .map_err(|e| Unexpected::new("print a document", e))?;
    Ok(Printed { number, pdf })
}
