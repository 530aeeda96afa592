//! The organizer changes tickets for a buyer: what they can be changed into, what a choice would do, and doing it.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use crate::{ApiError, checkout::ChangeTicketsView};
#[cfg(feature = "ssr")]
use crate::{
    exchanges,
    organizers::server::{member, permit},
};

/// What the tickets of an order can be changed into. `chosen` is the choice as [`crate::exchanges::choice`] writes it.
#[server(input = GetUrl)]
pub async fn change_preview(
    organization: String,
    code: String,
    #[server(default)] chosen: String,
) -> Result<ChangeTicketsView, ApiError> {
    use services::{orders, permit::RefundOrders};
    let (ctx, member) = member(&organization).await?;
    let may = permit::<RefundOrders>(&ctx, &member).await?;
    let code = super::server::code(&code)?;
    let wish = exchanges::wish(&chosen)?;
    let page = orders::change_page_for_organizer(&ctx.services, &may, code, &wish)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let view = permit(&ctx, &member).await?;
    let found = orders::show(&ctx.services, &view, code)
        .await?
        .ok_or_else(ApiError::not_found)?;
    // The organizer's page needs no secret of the buyer's.
    exchanges::view(&ctx.services, (String::new(), chosen), &found.order, page)
}

/// Changes them as shown. Where something is to be paid, the buyer gets a mail and has a day.
#[server]
pub async fn change_tickets_of_order(
    organization: String,
    code: String,
    chosen: String,
    accepted: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let code = super::server::code(&code)?;
    let wish = exchanges::wish(&chosen)?;
    let accepted = exchanges::accepted(&accepted)?;
    let done =
        services::orders::exchange_by_organizer(&ctx.services, &may, code, &wish, accepted).await;
    let done = done.map_err(exchanges::refused)?;
    let said = if done.needs_payment {
        "change_asked"
    } else {
        "change"
    };
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{}?done={said}",
        done.code
    ));
    Ok(())
}
