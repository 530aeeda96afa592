//! What whoever runs the doors says and opens while people come in.

use leptos::prelude::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::events::server::event;

/// Opens a gate for a kind of ticket that belongs elsewhere.
#[server]
pub async fn open_gate(
    event_slug: String,
    #[server(default)] gate: String,
    #[server(default)] kind: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    Ok(services::checkin::open_gate(&ctx.services, &permit, id, &gate, &kind).await?)
}

#[server]
pub async fn close_gate(event_slug: String, gate: String, kind: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    let kind = kind.parse().map_err(|_| ApiError::not_found())?;
    Ok(services::checkin::close_gate(&ctx.services, &permit, id, &gate, kind).await?)
}

/// Tells all scanners something; nothing takes the last message away.
#[server]
pub async fn send_door_message(
    event_slug: String,
    #[server(default)] message: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    Ok(services::checkin::send_message(&ctx.services, &permit, id, &message).await?)
}

#[server]
pub async fn set_door_pin(
    event_slug: String,
    #[server(default)] pin: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    Ok(services::checkin::set_pin(&ctx.services, &permit, id, &pin).await?)
}

#[server]
pub async fn remove_door_pin(event_slug: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = event(&event_slug).await?;
    Ok(services::checkin::remove_pin(&ctx.services, &permit, id).await?)
}
