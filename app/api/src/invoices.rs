//! Invoices and credit notes: lists, and what an organization says of itself on them.

use domain::{
    invoices::{Kind, Missing},
    money::Money,
};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// One document in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentView {
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    /// The order's code.
    pub order: String,
    pub buyer: String,
    pub tax: Money,
    pub total: Money,
    /// The number of the invoice that it takes back or replaces.
    pub corrects: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentListView {
    pub rows: Vec<DocumentView>,
    pub next: Option<String>,
    /// The month that was asked for, if it is one.
    pub month: Option<String>,
}

/// What an organization says of itself on documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceSettingsView {
    pub legal_name: String,
    pub street: String,
    pub postcode: String,
    pub city: String,
    pub tax_number: String,
    pub registration: String,
    pub invoice_prefix: String,
    pub credit_prefix: String,
    pub each_year: bool,
    /// Without these, documents are receipts.
    pub missing: Vec<Missing>,
}

/// One page of an organization's documents, newest first; `month` is "2026-11" or empty.
#[server(input = GetUrl)]
pub async fn organizer_invoices(
    organization: String,
    #[server(default)] month: String,
    #[server(default)] after: Option<String>,
) -> Result<DocumentListView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let month = services::invoices::Month::parse(&month);
    let ask = services::invoices::ListInvoices {
        month,
        cursor: after,
        limit: 50,
    };
    let may = permit(&ctx, &member).await?;
    let page = services::invoices::list(&ctx.services, &may, &ask).await?;
    Ok(DocumentListView {
        rows: page.items.into_iter().map(DocumentView::from).collect(),
        next: page.next,
        month: month.map(services::invoices::Month::code),
    })
}

/// What the settings page shows of documents.
#[server(input = GetUrl)]
pub async fn invoice_settings(organization: String) -> Result<InvoiceSettingsView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let found = services::invoices::settings(&ctx.services, &may).await?;
    Ok(InvoiceSettingsView {
        legal_name: found.legal_name,
        street: found.street,
        postcode: found.postcode,
        city: found.city,
        tax_number: found.tax_number,
        registration: found.registration,
        invoice_prefix: found.invoice_prefix,
        credit_prefix: found.credit_prefix,
        each_year: found.each_year,
        missing: found.missing,
    })
}

/// Changes what stands on documents that are issued from now on.
#[server]
pub async fn set_invoice_settings(
    organization: String,
    #[server(default)] legal_name: String,
    #[server(default)] street: String,
    #[server(default)] postcode: String,
    #[server(default)] city: String,
    #[server(default)] tax_number: String,
    #[server(default)] registration: String,
    #[server(default)] invoice_prefix: String,
    #[server(default)] credit_prefix: String,
    #[server(default)] each_year: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let cmd = services::invoices::SetInvoiceSettings {
        legal_name,
        street,
        postcode,
        city,
        tax_number,
        registration,
        invoice_prefix,
        credit_prefix,
        each_year: !each_year.is_empty(),
    };
    Ok(services::invoices::set_settings(&ctx.services, &may, cmd).await?)
}

#[cfg(feature = "ssr")]
impl From<services::invoices::InvoiceRow> for DocumentView {
    fn from(row: services::invoices::InvoiceRow) -> Self {
        Self {
            kind: row.kind,
            number: row.number,
            issued_on: row.issued_on,
            order: row.order,
            buyer: row.buyer,
            tax: row.tax,
            total: row.total,
            corrects: row.corrects,
        }
    }
}
