//! The buyer changes what stands on the invoice. Their right is the secret in their link.

use domain::text::{FieldErrors, block, line};

use super::queries;
use crate::{Services, Unexpected, checkout::InvoiceInput, db::Scope};

#[derive(Debug, thiserror::Error)]
pub enum SetInvoiceError {
    #[error("no such order")]
    NotFound,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Fields are named `invoice_name`, `invoice_address`, `invoice_vat_id`; all empty takes the data away.
pub async fn set_invoice(
    sv: &Services,
    secret: &str,
    input: &InvoiceInput,
) -> Result<(), SetInvoiceError> {
    let mut errors = FieldErrors::new();
    let wanted = [&input.name, &input.address, &input.vat_id]
        .iter()
        .any(|text| !text.trim().is_empty());
    let name = errors.field("invoice_name", line(&input.name, usize::from(wanted), 160));
    let address = errors.field("invoice_address", block(&input.address, 400));
    let vat_id = errors.field("invoice_vat_id", line(&input.vat_id, 0, 40));
    errors.finish()?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let (id, organization) = queries::find_by_secret(&mut tx, secret)
        .await?
        .ok_or(SetInvoiceError::NotFound)?;
    tx.narrow(organization).await?;
    sqlx::query!(
        r#"
        update orders set invoice_name = $3, invoice_address = $4, invoice_vat_id = $5
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        id.get(),
        name.unwrap_or_default(),
        address.unwrap_or_default(),
        vat_id.unwrap_or_default()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    tx.commit().await?;
    Ok(())
}
