//! Changing tickets: what they can be changed into, what a choice would do, and doing it.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::views::ChangeTicketsView;
use crate::ApiError;

/// What the tickets of an order can be changed into. `chosen` is the choice as [`choice`] writes it; empty before anything is
/// chosen.
#[server(input = GetUrl)]
pub async fn change_page(
    secret: String,
    #[server(default)] chosen: String,
) -> Result<ChangeTicketsView, ApiError> {
    let sv = crate::ctx()?.services;
    let wish = crate::exchanges::wish(&chosen)?;
    let order = services::orders::show_by_secret(&sv, &secret)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let page = services::orders::change_page(&sv, &secret, &wish)
        .await?
        .ok_or_else(ApiError::not_found)?;
    crate::exchanges::view(&sv, (secret, chosen), &order, page)
}

/// Changes them as shown; where something is to be paid, the way goes on to paying.
#[server]
pub async fn change_tickets(
    secret: String,
    chosen: String,
    accepted: String,
) -> Result<(), ApiError> {
    let ctx = crate::ctx()?;
    let wish = crate::exchanges::wish(&chosen)?;
    let accepted = crate::exchanges::accepted(&accepted)?;
    let (sv, origin) = (&ctx.services, ctx.origin());
    let done = services::orders::exchange_by_buyer(sv, &secret, &wish, accepted, &origin).await;
    let done = done.map_err(crate::exchanges::refused)?;
    let path = if done.needs_payment {
        format!("/orders/{}/pay", done.secret)
    } else {
        format!("/orders/{}", done.secret)
    };
    crate::context::redirect(&path);
    Ok(())
}
