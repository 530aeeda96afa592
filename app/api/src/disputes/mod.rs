//! Disputes of an organization: the list, the case, the answer. Times are those of UTC.

#[cfg(feature = "ssr")]
mod server;
mod view;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

pub use view::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// One page of disputes, the latest first.
#[server(input = GetUrl)]
pub async fn organizer_disputes(
    organization: String,
    #[server(default)] after: Option<String>,
) -> Result<DisputeListView, ApiError> {
    use domain::permissions::Right;
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let sv = &ctx.services;
    let page = services::disputes::list(sv, &may, after.as_deref(), server::PAGE).await?;
    Ok(DisputeListView {
        rows: page.items.into_iter().map(server::row).collect(),
        next: page.next,
        policy: services::disputes::ticket_policy(sv, &may).await?,
        may_manage: member.may(Right::ManagePayouts),
    })
}

/// One case with its evidence.
#[server(input = GetUrl)]
pub async fn organizer_dispute(
    organization: String,
    dispute: String,
) -> Result<DisputeCaseView, ApiError> {
    use domain::permissions::Right;
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let id = dispute.parse().map_err(|_| ApiError::not_found())?;
    let found = services::disputes::show(&ctx.services, &may, id).await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    Ok(server::case(found, member.may(Right::ManagePayouts)))
}

/// Keeps what the organizer wants to say; nothing is sent.
#[server]
pub async fn save_dispute_statement(
    organization: String,
    dispute: String,
    #[server(default)] statement: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let id = dispute.parse().map_err(|_| ApiError::not_found())?;
    services::disputes::save_statement(&ctx.services, &may, id, &statement).await?;
    server::back_to(&organization, &dispute, "saved");
    Ok(())
}

/// Sends the evidence to the bank, for good.
#[server]
pub async fn answer_dispute(
    organization: String,
    dispute: String,
    #[server(default)] statement: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let id = dispute.parse().map_err(|_| ApiError::not_found())?;
    services::disputes::answer(&ctx.services, &may, id, &statement).await?;
    server::back_to(&organization, &dispute, "answered");
    Ok(())
}

/// Gives the money up.
#[server]
pub async fn accept_dispute(organization: String, dispute: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let id = dispute.parse().map_err(|_| ApiError::not_found())?;
    services::disputes::accept(&ctx.services, &may, id).await?;
    server::back_to(&organization, &dispute, "accepted");
    Ok(())
}

/// What becomes of tickets until the bank has decided.
#[server]
pub async fn set_dispute_policy(organization: String, policy: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let policy = policy
        .parse()
        .map_err(|fault| ApiError::field("policy", fault))?;
    Ok(services::disputes::set_ticket_policy(&ctx.services, &may, policy).await?)
}
