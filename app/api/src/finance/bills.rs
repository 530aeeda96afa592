//! What the platform bills an organization over its fees.

use domain::{invoices::Kind, money::Money};
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// One document of the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillView {
    pub kind: Kind,
    pub number: String,
    /// The first day of the month that it is about.
    pub month: Date,
    pub issued_on: Date,
    /// The name on it.
    pub recipient: String,
    pub organization: String,
    pub slug: String,
    /// Whether the organization owes the tax itself.
    pub reverse_charge: bool,
    pub net: Money,
    pub tax: Money,
    pub total: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillListView {
    pub rows: Vec<BillView>,
    pub next: Option<String>,
}

/// One page of the platform's invoices to an organization, newest first.
#[server(input = GetUrl)]
pub async fn organizer_fees(
    organization: String,
    #[server(default)] after: Option<String>,
) -> Result<BillListView, ApiError> {
    use services::invoices::platform;
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let page =
        platform::of_organization(&ctx.services, &may, after.as_deref(), super::server::PAGE)
            .await?;
    Ok(BillListView {
        rows: page.items.into_iter().map(BillView::from).collect(),
        next: page.next,
    })
}

#[cfg(feature = "ssr")]
impl From<services::invoices::platform::PlatformBill> for BillView {
    fn from(row: services::invoices::platform::PlatformBill) -> Self {
        Self {
            kind: row.kind,
            number: row.number,
            month: row.month,
            issued_on: row.issued_on,
            recipient: row.recipient,
            organization: row.organization,
            slug: row.slug,
            reverse_charge: row.reverse_charge,
            net: row.net,
            tax: row.tax,
            total: row.total,
        }
    }
}
