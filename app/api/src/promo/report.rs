//! What codes brought in.

use domain::money::Money;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use crate::ApiError;

/// One code in the days that were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeFiguresView {
    pub code: String,
    pub name: String,
    pub orders: u32,
    pub tickets: u32,
    pub revenue: Money,
    pub refunded: Money,
    pub discount: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeReportView {
    pub first: Date,
    pub last: Date,
    /// The address of the only event; may be empty.
    pub event: String,
    /// Addresses and titles.
    pub events: Vec<(String, String)>,
    /// IANA name.
    pub zone: String,
    /// The moment of the books, as the address carries it.
    pub as_of: String,
    pub rows: Vec<CodeFiguresView>,
}

/// Paid orders by code.
#[server(input = GetUrl)]
pub async fn promo_report(
    organization: String,
    #[server(default)] first: String,
    #[server(default)] last: String,
    #[server(default)] event: String,
    #[server(default)] as_of: String,
) -> Result<CodeReportView, ApiError> {
    use crate::organizers::server::{member, permit};
    let (ctx, member) = member(&organization).await?;
    let (sv, may) = (&ctx.services, permit(&ctx, &member).await?);
    let asked = crate::finance::Asked {
        first,
        last,
        event,
        as_of,
        ..Default::default()
    };
    let zone = services::ledger::zone(sv, &may).await?;
    let wanted = asked.read(sv.now(), zone)?;
    let found = services::promo::report(sv, &may, &wanted).await?;
    let rows = found.into_iter().map(|one| CodeFiguresView {
        code: one.code,
        name: one.name,
        orders: one.orders,
        tickets: one.tickets,
        revenue: one.revenue,
        refunded: one.refunded,
        discount: one.discount,
    });
    Ok(CodeReportView {
        first: wanted.span.first,
        last: wanted.span.last,
        event: wanted.event.unwrap_or_default(),
        events: services::ledger::sold_events(sv, &may).await?,
        zone: wanted.zone,
        as_of: wanted.as_of.to_string(),
        rows: rows.collect(),
    })
}
