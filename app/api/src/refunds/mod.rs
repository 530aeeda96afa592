//! Money of a whole event goes back: what it would mean, how far it is, and what buyers decide about their tickets.

mod give_back;
#[cfg(feature = "ssr")]
mod server;
mod view;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

pub use give_back::*;
pub use view::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::events::server::event as the_event;

/// What calling an event off, or refunding everybody, would mean now.
#[server(input = GetUrl)]
pub async fn call_off_preview(event: String) -> Result<CallOffView, ApiError> {
    let (ctx, id, permit) = the_event(&event).await?;
    let figures = services::orders::call_off_figures(&ctx.services, &permit, id).await?;
    let state = services::events::state(&ctx.services, &permit, id).await?;
    Ok(server::call_off(event, state, figures))
}

/// How far the refunds of an event are, with one page of its orders; `outcome` is a code or empty for all.
#[server(input = GetUrl)]
pub async fn event_refunds(
    event: String,
    #[server(default)] outcome: String,
    #[server(default)] after: Option<String>,
) -> Result<EventRefundsView, ApiError> {
    let (ctx, id, permit) = the_event::<services::permit::ViewOrders>(&event).await?;
    let sv = &ctx.services;
    let run = services::orders::show_run(sv, &permit, id).await?;
    let offer = services::orders::offer_figures(sv, &permit, id).await?;
    let found = services::orders::event(sv, &permit, id)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let waits = services::approvals::event_waits(sv, &permit, id).await?;
    let can_start = services::events::can_refund_everybody(sv, &permit, id).await?;
    let zone = found.time_zone;
    let ask = services::orders::ListRun {
        event: id,
        outcome: outcome.parse().ok(),
        cursor: after,
        limit: server::PAGE,
    };
    let page = services::orders::list_run(sv, &permit, ask).await?;
    Ok(EventRefundsView {
        event_id: id.to_string(),
        waits,
        can_start,
        run: run.map(|run| server::run(run, &zone)),
        offer: offer.map(|offer| server::offer(offer, &zone)),
        rows: page
            .items
            .into_iter()
            .map(|row| server::row(row, &zone))
            .collect(),
        next: page.next,
    })
}

/// Refunds everybody of an event that was called off, where that has not been done.
#[server]
pub async fn start_event_refunds(event: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = the_event(&event).await?;
    Ok(services::events::refund_everybody(&ctx.services, &permit, id).await?)
}

/// Those orders and refunds that failed get another turn.
#[server]
pub async fn retry_event_refunds(event: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = the_event(&event).await?;
    services::orders::retry_run(&ctx.services, &permit, id).await?;
    Ok(())
}
