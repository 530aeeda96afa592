//! The buyer changes what stands on the invoice. Their right is the secret in their link. An invoice that is issued stays
//! as it is: a credit note takes it back and a corrected one is issued.

use domain::{
    pricing::{VatId, is_eu},
    text::{Fault, FieldErrors, block, line},
};

use super::{Order, queries};
use crate::{
    Services, Unexpected,
    checkout::{InvoiceInput, summary},
    db::{Scope, Tx},
    invoices::{self, Corrected},
    organizers::country_code,
    vat,
};

#[derive(Debug, thiserror::Error)]
pub enum SetInvoiceError {
    #[error("no such order")]
    NotFound,
    /// Each correction issues two documents.
    #[error("corrected too often")]
    TooOften,
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

/// Fields are named `invoice_name`, `invoice_address`, `invoice_country`, `invoice_vat_id`; all empty takes the data away.
/// `country`: two letters, or empty.
pub async fn set_invoice(
    sv: &Services,
    secret: &str,
    input: &InvoiceInput,
    country: &str,
) -> Result<(), SetInvoiceError> {
    let mut errors = FieldErrors::new();
    let wanted = [&input.name, &input.address, &input.vat_id]
        .iter()
        .any(|text| !text.trim().is_empty());
    let name = errors.field("invoice_name", line(&input.name, usize::from(wanted), 160));
    let address = errors.field("invoice_address", block(&input.address, 400));
    let vat_id = errors.field("invoice_vat_id", line(&input.vat_id, 0, 40));
    let country = errors.field("invoice_country", known_country(country));
    errors.finish()?;
    let mut tx = sv.db.begin(Scope::System).await?;
    let (id, organization) = queries::find_by_secret(&mut tx, secret)
        .await?
        .ok_or(SetInvoiceError::NotFound)?;
    tx.narrow(organization).await?;
    invoices::take_turn(&mut tx, organization).await?;
    // Refunds and corrections of an order take turns.
    let order = queries::lock(&mut tx, organization, id)
        .await?
        .ok_or(SetInvoiceError::NotFound)?;
    if order.reverse_charge && !names_a_business(&mut tx, &order, &input.vat_id).await? {
        return Err(FieldErrors::one("invoice_vat_id", Fault::VatIdNeeded).into());
    }
    sqlx::query!(
        r#"
        update orders set invoice_name = $3, invoice_address = $4, invoice_vat_id = $5, invoice_country = $6
        where organization_id = $1 and id = $2
        "#,
        organization.get(),
        id.get(),
        name.unwrap_or_default(),
        address.unwrap_or_default(),
        vat_id.unwrap_or_default(),
        country.unwrap_or_default()
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    vat::want(sv, &mut tx, &input.vat_id).await?;
    match invoices::correct(sv, &mut tx, organization, id).await? {
        Corrected::Unneeded | Corrected::Issued => {}
        Corrected::TooOften => return Err(SetInvoiceError::TooOften),
    }
    tx.commit().await?;
    Ok(())
}

/// Whether what was sold without tax still names somebody who owes it, whatever the seller says of themselves by now.
async fn names_a_business(tx: &mut Tx, order: &Order, vat_id: &str) -> Result<bool, Unexpected> {
    let event = summary(tx, order.organization, order.event)
        .await?
        .ok_or_else(|| Unexpected::bad_row("orders", order.id, "without an event"))?;
    let id = vat_id.parse::<VatId>();
    Ok(id.is_ok_and(|id| is_eu(id.country()) && id.country() != event.seller.country))
}

/// A country that a structured invoice can name, or nothing.
fn known_country(text: &str) -> Result<String, Fault> {
    let code = country_code(text)?;
    if code.is_empty() || domain::invoices::is_country(&code) {
        Ok(code)
    } else {
        Err(Fault::UnknownChoice)
    }
}
