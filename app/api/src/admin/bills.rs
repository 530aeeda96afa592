//! The platform's invoices to organizations, and who the platform is on them.

use jiff::civil::DateTime;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::Listing;
use crate::{ApiError, finance::BillView};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillsView {
    /// Nobody has said yet who the platform is, so nothing is issued.
    pub waits: bool,
    pub bills: Listing<BillView>,
    /// The month that was asked for, if it is one.
    pub month: Option<String>,
}

/// Who the platform is on its invoices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuerView {
    pub legal_name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub country: String,
    pub vat_id: String,
    pub tax_number: String,
    pub registration: String,
    pub email: String,
    pub small_business: bool,
    pub tax_note: String,
    /// A percentage; empty: the standard rate of the country.
    pub tax_rate: String,
    pub invoice_prefix: String,
    pub credit_prefix: String,
    /// UTC.
    pub changed: DateTime,
    pub changed_by: String,
}

/// One page of the platform's documents, newest first; `month` is "2026-11" or empty, `organization` a part of its name.
#[server(input = GetUrl)]
pub async fn admin_bills(
    #[server(default)] month: String,
    #[server(default)] organization: String,
    #[server(default)] after: Option<String>,
) -> Result<BillsView, ApiError> {
    use services::invoices::{Month, platform};
    let (ctx, permit) = super::server::permit()?;
    let sv = &ctx.services;
    let month = Month::parse(&month);
    let ask = platform::ListBills {
        month,
        organization,
        cursor: after,
        limit: super::server::PAGE,
    };
    let page = platform::all(sv, &permit, &ask).await?;
    Ok(BillsView {
        waits: platform::issuer(sv, &permit).await?.is_none(),
        bills: super::server::listing(page, BillView::from),
        month: month.map(Month::code),
    })
}

/// As it stands; `None`: nobody has said anything yet.
#[server(input = GetUrl)]
pub async fn admin_issuer() -> Result<Option<IssuerView>, ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let found = services::invoices::platform::issuer(&ctx.services, &permit).await?;
    Ok(found.map(server::issuer))
}

/// Says who the platform is on invoices from now on.
#[server]
pub async fn set_issuer(
    legal_name: String,
    #[server(default)] street: String,
    #[server(default)] postcode: String,
    #[server(default)] city: String,
    #[server(default)] country: String,
    #[server(default)] vat_id: String,
    #[server(default)] tax_number: String,
    #[server(default)] registration: String,
    #[server(default)] email: String,
    #[server(default)] small_business: String,
    #[server(default)] tax_note: String,
    #[server(default)] tax_rate: String,
    #[server(default)] invoice_prefix: String,
    #[server(default)] credit_prefix: String,
) -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let input = services::invoices::platform::IssuerInput {
        legal_name,
        street,
        postcode,
        city,
        country,
        vat_id,
        tax_number,
        registration,
        email,
        small_business: !small_business.is_empty(),
        tax_note,
        tax_rate,
        invoice_prefix,
        credit_prefix,
    };
    services::invoices::platform::set_issuer(&ctx.services, &permit, &input).await?;
    crate::context::redirect("/admin/finance/invoices?done=issuer");
    Ok(())
}

/// Issues at once what is due for months that are over.
#[server]
pub async fn bill_organizations() -> Result<(), ApiError> {
    let (ctx, permit) = super::server::permit()?;
    let issued = services::invoices::platform::bill(&ctx.services, &permit).await?;
    crate::context::redirect(&format!(
        "/admin/finance/invoices?done=bill&issued={issued}"
    ));
    Ok(())
}

#[cfg(feature = "ssr")]
mod server {
    use services::invoices::platform::{Issuer, SetIssuerError};

    use super::IssuerView;
    use crate::{ApiError, admin::server::utc};

    pub(super) fn issuer(found: Issuer) -> IssuerView {
        let (party, biller) = (found.party, found.biller);
        IssuerView {
            legal_name: party.name,
            street: party.address.join("\n"),
            postcode: party.postcode,
            city: party.city,
            country: party.country,
            vat_id: party.vat_id,
            tax_number: party.tax_number,
            registration: party.registration,
            email: party.email,
            small_business: biller.small_business.is_some(),
            tax_note: biller.small_business.unwrap_or_default(),
            tax_rate: biller.rate.map(|rate| rate.to_string()).unwrap_or_default(),
            invoice_prefix: found.invoice_prefix.as_str().to_owned(),
            credit_prefix: found.credit_prefix.as_str().to_owned(),
            changed: utc(found.changed_at),
            changed_by: found.changed_by,
        }
    }

    impl From<SetIssuerError> for ApiError {
        fn from(e: SetIssuerError) -> Self {
            match e {
                SetIssuerError::Fields(fields) => fields.into(),
                SetIssuerError::Unexpected(e) => e.into(),
            }
        }
    }
}
