//! Who sells, as they stand on their invoices.

use domain::{ids::OrganizationId, invoices::Party};

use crate::{Unexpected, db::Tx};

/// How the seller is taxed, and who they are.
#[derive(Debug, Clone)]
pub(super) struct Seller {
    /// Its country is the one whose tax its tickets bear.
    pub party: Party,
    /// The country where they are, which says how they are taxed as a customer.
    pub seat: String,
    /// none, small_business, included, added.
    pub tax_mode: String,
    pub tax_note: String,
}

pub(super) async fn seller(tx: &mut Tx, id: OrganizationId) -> Result<Seller, Unexpected> {
    let row = sqlx::query!(
        r#"
        select name, legal_name, street, postcode, city, coalesce(nullif(tax_country, ''), country) as "country!",
               coalesce(nullif(country, ''), tax_country) as "seat!", vat_id, tax_number, registration, contact_email,
               tax_mode, tax_note
        from organizations
        where id = $1
        "#,
        id.get()
    )
    .fetch_one(&mut **tx)
    .await?;
    let name = if row.legal_name.is_empty() {
        row.name
    } else {
        row.legal_name
    };
    Ok(Seller {
        party: Party {
            name,
            address: lines(&row.street),
            postcode: row.postcode,
            city: row.city,
            country: row.country,
            vat_id: row.vat_id,
            tax_number: row.tax_number,
            registration: row.registration,
            email: row.contact_email,
        },
        seat: row.seat,
        tax_mode: row.tax_mode,
        tax_note: row.tax_note,
    })
}

/// An address as people type it, line by line.
pub(super) fn lines(block: &str) -> Vec<String> {
    block
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(ToOwned::to_owned)
        .collect()
}
