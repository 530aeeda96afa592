//! Ticket types and pools of an event.

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::events::server;

/// Adds a ticket type (without `ticket`) or changes one.
#[leptos::prelude::server]
pub async fn save_ticket_type(
    event: String,
    #[server(default)] ticket: String,
    name: String,
    #[server(default)] description: String,
    #[server(default)] price: String,
    #[server(default)] tax_rate: String,
    #[server(default)] other_tax_rate: String,
    min_per_order: String,
    max_per_order: String,
    #[server(default)] max_per_customer: String,
    #[server(default)] door_note: String,
    #[server(default)] sales_from: String,
    #[server(default)] sales_until: String,
    #[server(default)] pools: Vec<String>,
    #[server(default)] own_capacity: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let pools: Result<Vec<_>, _> = pools
        .iter()
        .filter(|pool| !pool.is_empty())
        .map(|pool| pool.parse())
        .collect();
    let cmd = services::events::TicketTypeInput {
        name,
        description,
        price,
        tax_rate,
        other_tax_rate,
        min_per_order,
        max_per_order,
        max_per_customer,
        door_note,
        sales_from,
        sales_until,
        pools: pools.map_err(|_| ApiError::field("pools", domain::text::Fault::UnknownChoice))?,
        own_capacity,
    };
    if ticket.is_empty() {
        services::events::add_ticket_type(&ctx.services, &permit, id, cmd).await?;
    } else {
        let ticket = ticket.parse().map_err(|_| ApiError::not_found())?;
        services::events::edit_ticket_type(&ctx.services, &permit, id, ticket, cmd).await?;
    }
    back_to_tickets(&ctx.services, &permit, id).await
}

/// Chooses the rate of tax of an event and how much of the fee its buyers bear.
#[leptos::prelude::server]
pub async fn set_event_prices(
    event: String,
    #[server(default)] fee_to_buyer: String,
    #[server(default)] tax_rate: String,
    #[server(default)] other_tax_rate: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::PricesInput {
        fee_to_buyer,
        tax_rate,
        other_tax_rate,
    };
    Ok(services::events::set_prices(&ctx.services, &permit, id, cmd).await?)
}

/// Pauses, resumes or puts away a ticket type.
#[leptos::prelude::server]
pub async fn set_ticket_type_state(
    event: String,
    ticket: String,
    state: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let ticket = ticket.parse().map_err(|_| ApiError::not_found())?;
    Ok(services::events::set_ticket_type_state(&ctx.services, &permit, id, ticket, &state).await?)
}

/// Moves a ticket type "up" or "down" in the list.
#[leptos::prelude::server]
pub async fn move_ticket_type(event: String, ticket: String, to: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let ticket = ticket.parse().map_err(|_| ApiError::not_found())?;
    let to = if to == "up" {
        services::events::Move::Up
    } else {
        services::events::Move::Down
    };
    Ok(services::events::move_ticket_type(&ctx.services, &permit, id, ticket, to).await?)
}

/// Adds a phase of a ticket type's prices (without `phase`) or changes one.
#[leptos::prelude::server]
pub async fn save_price_phase(
    event: String,
    ticket: String,
    #[server(default)] phase: String,
    name: String,
    #[server(default)] price: String,
    #[server(default)] until: String,
    #[server(default)] count: String,
    #[server(default)] last_name: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let at = (id, ticket.parse().map_err(|_| ApiError::not_found())?);
    let phase = match phase.as_str() {
        "" => None,
        named => Some(named.parse().map_err(|_| ApiError::not_found())?),
    };
    let cmd = services::events::PricePhaseInput {
        name,
        price,
        until,
        count,
        last_name,
    };
    services::events::save_price_phase(&ctx.services, &permit, at, phase, cmd).await?;
    let page = format!("/edit/tickets/{ticket}/phases");
    server::to_page(&ctx, id, &event, &page).await
}

/// Moves a phase "up" or "down" in the chain: its name and price, not where it ends.
#[leptos::prelude::server]
pub async fn move_price_phase(
    event: String,
    ticket: String,
    phase: String,
    to: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let at = (id, ticket.parse().map_err(|_| ApiError::not_found())?);
    let phase = phase.parse().map_err(|_| ApiError::not_found())?;
    let to = if to == "up" {
        services::events::Move::Up
    } else {
        services::events::Move::Down
    };
    Ok(services::events::move_price_phase(&ctx.services, &permit, at, phase, to).await?)
}

/// Takes a phase out of the chain.
#[leptos::prelude::server]
pub async fn remove_price_phase(
    event: String,
    ticket: String,
    phase: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let at = (id, ticket.parse().map_err(|_| ApiError::not_found())?);
    let phase = phase.parse().map_err(|_| ApiError::not_found())?;
    Ok(services::events::remove_price_phase(&ctx.services, &permit, at, phase).await?)
}

/// Adds a pool (without `pool`) or changes one.
#[leptos::prelude::server]
pub async fn save_pool(
    event: String,
    #[server(default)] pool: String,
    name: String,
    capacity: String,
) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let cmd = services::events::PoolInput { name, capacity };
    if pool.is_empty() {
        services::events::add_pool(&ctx.services, &permit, id, cmd).await?;
    } else {
        let pool = pool.parse().map_err(|_| ApiError::not_found())?;
        services::events::edit_pool(&ctx.services, &permit, id, pool, cmd).await?;
    }
    back_to_tickets(&ctx.services, &permit, id).await
}

#[leptos::prelude::server]
pub async fn remove_pool(event: String, pool: String) -> Result<(), ApiError> {
    let (ctx, id, permit) = server::event(&event).await?;
    let pool = pool.parse().map_err(|_| ApiError::not_found())?;
    services::events::remove_pool(&ctx.services, &permit, id, pool).await?;
    back_to_tickets(&ctx.services, &permit, id).await
}

#[cfg(feature = "ssr")]
async fn back_to_tickets<A: services::permit::Act>(
    sv: &services::Services,
    permit: &services::permit::Permit<A>,
    event: domain::ids::EventId,
) -> Result<(), ApiError> {
    let detail = services::events::show(sv, permit, event).await?;
    let (organization, event) = (detail.organization_slug, detail.slug);
    crate::context::redirect(&format!(
        "/organize/{organization}/events/{event}/edit/tickets"
    ));
    Ok(())
}
