//! Printing the platform's documents, each time anew from what was written down.

use domain::{ids::OrganizationId, invoices::InvoiceNumber};

use crate::{
    Services, Unexpected,
    db::Scope,
    invoices::{
        read,
        show::{Printed, pdf},
    },
    permit::{Permit, PlatformPermit, ViewFinances},
};

/// For the organization that was billed; `None` when it has no such document.
pub async fn print_for_organization(
    sv: &Services,
    permit: &Permit<ViewFinances>,
    number: &InvoiceNumber,
) -> Result<Option<Printed>, Unexpected> {
    one(sv, permit.scope(), Some(permit.organization()), number).await
}

/// For a platform admin.
pub async fn print(
    sv: &Services,
    permit: &PlatformPermit,
    number: &InvoiceNumber,
) -> Result<Option<Printed>, Unexpected> {
    one(sv, permit.scope(), None, number).await
}

async fn one(
    sv: &Services,
    scope: Scope,
    organization: Option<OrganizationId>,
    number: &InvoiceNumber,
) -> Result<Option<Printed>, Unexpected> {
    let mut tx = sv.db.begin(scope).await?;
    let row = sqlx::query!(
        r#"
        select id, document from invoices
        where order_id is null and number = $1 and ($2::uuid is null or organization_id = $2)
        "#,
        number.as_str(),
        organization.map(OrganizationId::get)
    )
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    match row {
        Some(row) => pdf(read(row.id, row.document)?).await.map(Some),
        None => Ok(None),
    }
}
