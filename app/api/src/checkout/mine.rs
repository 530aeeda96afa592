//! The orders in the account of the signed-in person.

use domain::orders::OrderState;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

use super::passing_views::GivenTicketView;
use crate::{ApiError, values::Moment};

/// The page of one's tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyTicketsView {
    pub email: String,
    /// Before the address is proven, its orders are not shown.
    pub email_verified: bool,
    /// Of events that are not over, the next one first.
    pub ahead: Vec<MyOrderView>,
    /// From others, and still with this person.
    pub given: Vec<GivenTicketView>,
    /// The latest first.
    pub past: Vec<MyOrderView>,
    /// What to ask for to get what lies further back.
    pub earlier: Option<String>,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MyOrderView {
    pub id: String,
    pub secret: String,
    pub code: String,
    pub state: OrderState,
    pub event: String,
    /// Venue and town, as far as there are any.
    pub place: String,
    pub starts: Moment,
    pub tickets: u32,
    /// Kept by its link, so it can be taken out again.
    pub kept: bool,
}

/// The orders of the signed-in person. `past` goes on from an earlier page.
#[server(input = GetUrl)]
pub async fn my_tickets(past: Option<String>) -> Result<MyTicketsView, ApiError> {
    use services::orders::{When, list_mine};
    let ctx = crate::ctx()?;
    let (sv, session) = (&ctx.services, ctx.session()?);
    let earlier = list_mine(sv, session, When::Past, past.as_deref(), 20).await?;
    let (ahead, given) = match past {
        Some(_) => (Vec::new(), Vec::new()),
        None => (
            list_mine(sv, session, When::Ahead, None, 100).await?.items,
            services::passing::given_to_me(sv, session).await?,
        ),
    };
    let views = |orders: Vec<_>| orders.into_iter().map(make::view).collect();
    Ok(MyTicketsView {
        email: session.email.clone(),
        email_verified: session.email_verified,
        ahead: views(ahead),
        given: given.into_iter().map(super::passing::make::given).collect(),
        past: views(earlier.items),
        earlier: earlier.next,
    })
}

/// Keeps the order of a link in one's account.
#[server]
pub async fn keep_order(secret: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    if services::orders::keep(&ctx.services, ctx.session()?, &secret).await? {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}

/// Takes a kept order out of one's account.
#[server]
pub async fn let_go_order(id: String) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let session = ctx.session()?;
    let id = id.parse().map_err(|_| ApiError::not_found())?;
    if services::orders::let_go(&ctx.services, session, id).await? {
        Ok(())
    } else {
        Err(ApiError::not_found())
    }
}

#[cfg(feature = "ssr")]
mod make {
    use services::orders::MyOrder;

    use super::MyOrderView;
    use crate::values::Moment;

    pub(super) fn view(order: MyOrder) -> MyOrderView {
        let place = [order.venue, order.city];
        let place: Vec<String> = place.into_iter().filter(|part| !part.is_empty()).collect();
        MyOrderView {
            id: order.id.to_string(),
            secret: order.secret,
            code: order.code.to_string(),
            state: order.state,
            event: order.event_title,
            place: place.join(", "),
            starts: Moment::new(order.starts_at, &order.time_zone),
            tickets: order.tickets,
            kept: order.kept,
        }
    }
}
