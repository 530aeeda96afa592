//! How an organizer's event sells.

use domain::money::Money;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use services::orders::SalesFigures;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::events::server::event as the_event;

/// How an event sells. Also what the live figures send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesView {
    pub sold: u32,
    pub held: u32,
    pub capacity: u32,
    pub left: u32,
    pub checked_in: u32,
    pub paid_orders: u32,
    pub pending_orders: u32,
    /// That wait for the organizer's yes.
    pub asked_orders: u32,
    pub revenue: Money,
    pub refunded: Money,
    pub types: Vec<TypeSalesView>,
    pub days: Vec<DayView>,
    /// Those who wait for their turn, where there is a waiting room.
    pub line: Option<LineView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    pub waiting: u64,
    pub admitted: u64,
    pub admitted_per_minute: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeSalesView {
    pub name: String,
    pub price: Money,
    pub sold: u32,
    pub held: u32,
    pub left: u32,
    pub checked_in: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayView {
    pub day: Date,
    pub tickets: u32,
}

#[server(input = GetUrl)]
pub async fn event_sales(event: String) -> Result<SalesView, ApiError> {
    let (ctx, id, permit) = the_event(&event).await?;
    let figures = services::orders::sales(&ctx.services, &permit, id).await?;
    figures.map(SalesView::from).ok_or_else(ApiError::not_found)
}

#[cfg(feature = "ssr")]
impl From<SalesFigures> for SalesView {
    fn from(figures: SalesFigures) -> Self {
        Self {
            sold: figures.sold,
            held: figures.held,
            capacity: figures.capacity,
            left: figures.left,
            checked_in: figures.checked_in,
            paid_orders: figures.paid_orders,
            pending_orders: figures.pending_orders,
            asked_orders: figures.asked_orders,
            revenue: figures.revenue,
            refunded: figures.refunded,
            line: figures.line.map(|line| LineView {
                waiting: line.waiting,
                admitted: line.admitted,
                admitted_per_minute: line.admitted_per_minute,
            }),
            types: figures
                .types
                .into_iter()
                .map(|t| TypeSalesView {
                    name: t.name,
                    price: t.price,
                    sold: t.sold,
                    held: t.held,
                    left: t.left,
                    checked_in: t.checked_in,
                })
                .collect(),
            days: figures
                .days
                .into_iter()
                .map(|d| DayView {
                    day: d.day,
                    tickets: d.tickets,
                })
                .collect(),
        }
    }
}
