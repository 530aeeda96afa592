//! What an organization says of itself on invoices, and how its numbers look.

use domain::{
    invoices::{Missing, Prefix},
    text::{Fault, FieldErrors, block, line},
};

use super::seller::seller;
use crate::{
    Services, Unexpected, audit,
    organizers::OrganizerError,
    permit::{ManageOrganization, Permit},
};

#[derive(Debug, Clone, Default)]
pub struct InvoiceSettings {
    pub legal_name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub tax_number: String,
    pub registration: String,
    pub invoice_prefix: String,
    pub credit_prefix: String,
    /// Whether numbers start anew each year.
    pub each_year: bool,
    /// Without these, what is issued is a receipt without a structured half.
    pub missing: Vec<Missing>,
}

#[derive(Debug, Clone, Default)]
pub struct SetInvoiceSettings {
    pub legal_name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub tax_number: String,
    pub registration: String,
    pub invoice_prefix: String,
    pub credit_prefix: String,
    pub each_year: bool,
}

pub async fn settings(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
) -> Result<InvoiceSettings, Unexpected> {
    let mut tx = sv.db.begin(permit.scope()).await?;
    let row = sqlx::query!(
        r#"
        select legal_name, street, postcode, city, tax_number, registration, invoice_prefix, credit_prefix, invoice_years
        from organizations
        where id = $1
        "#,
        permit.organization().get()
    )
    .fetch_one(&mut *tx)
    .await?;
    let seller = seller(&mut tx, permit.organization()).await?;
    tx.commit().await?;
    Ok(InvoiceSettings {
        legal_name: row.legal_name,
        street: row.street,
        postcode: row.postcode,
        city: row.city,
        tax_number: row.tax_number,
        registration: row.registration,
        invoice_prefix: row.invoice_prefix,
        credit_prefix: row.credit_prefix,
        each_year: row.invoice_years == "each",
        missing: seller.party.missing_as_seller(),
    })
}

/// Changes what stands on documents from now on; issued ones stay.
#[tracing::instrument(skip_all)]
pub async fn set_settings(
    sv: &Services,
    permit: &Permit<ManageOrganization>,
    cmd: SetInvoiceSettings,
) -> Result<(), OrganizerError> {
    let mut errors = FieldErrors::new();
    let legal_name = errors.field("legal_name", line(&cmd.legal_name, 0, 160));
    let street = errors.field("street", block(&cmd.street, 200));
    let postcode = errors.field("postcode", line(&cmd.postcode, 0, 20));
    let city = errors.field("city", line(&cmd.city, 0, 80));
    let tax_number = errors.field("tax_number", line(&cmd.tax_number, 0, 40));
    let registration = errors.field("registration", line(&cmd.registration, 0, 60));
    let invoice_prefix = errors.field("invoice_prefix", prefix(&cmd.invoice_prefix));
    let credit_prefix = errors.field("credit_prefix", prefix(&cmd.credit_prefix));
    errors.finish()?;
    let (Some(legal_name), Some(invoice_prefix), Some(credit_prefix)) =
        (legal_name, invoice_prefix, credit_prefix)
    else {
        return Err(OrganizerError::NotFound);
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    sqlx::query!(
        r#"
        update organizations
        set legal_name = $2, street = $3, postcode = $4, city = $5, tax_number = $6, registration = $7,
            invoice_prefix = $8, credit_prefix = $9, invoice_years = $10
        where id = $1
        "#,
        permit.organization().get(),
        legal_name,
        street.unwrap_or_default(),
        postcode.unwrap_or_default(),
        city.unwrap_or_default(),
        tax_number.unwrap_or_default(),
        registration.unwrap_or_default(),
        invoice_prefix.as_str(),
        credit_prefix.as_str(),
        if cmd.each_year { "each" } else { "through" }
    )
    .execute(&mut *tx)
    .await
    .map_err(Unexpected::from)?;
    let entry = audit::Entry {
        actor: permit.actor(),
        organization: Some(permit.organization()),
        action: "organization.invoices",
        subject_kind: "organization",
        subject: permit.organization().to_string(),
        reason: "",
        before: None,
        after: Some(serde_json::json!({
            "legal_name": legal_name, "invoice_prefix": invoice_prefix.as_str(),
            "credit_prefix": credit_prefix.as_str(), "each_year": cmd.each_year,
        })),
    };
    audit::append(sv, &mut tx, entry).await?;
    tx.commit().await?;
    Ok(())
}

fn prefix(text: &str) -> Result<Prefix, Fault> {
    text.parse().map_err(|_| Fault::UnknownChoice)
}
