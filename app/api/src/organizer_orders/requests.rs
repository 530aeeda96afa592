//! Orders that the organizer has to say yes to.

use leptos::prelude::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// Says yes.
#[server]
pub async fn approve_request(organization: String, code: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let code = super::server::code(&code)?;
    let permit = permit(&ctx, &member).await?;
    services::orders::approve_request(&ctx.services, &permit, code).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{code}?done=approved"
    ));
    Ok(())
}

/// Says no, with a reason for the buyer.
#[server]
pub async fn decline_request(
    organization: String,
    code: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let code = super::server::code(&code)?;
    let permit = permit(&ctx, &member).await?;
    services::orders::decline_request(&ctx.services, &permit, code, &reason).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{code}?done=declined"
    ));
    Ok(())
}

/// Says yes to each that is ticked, and goes back to the list: `event` is its event's address, or empty for all.
#[server]
pub async fn approve_requests(
    organization: String,
    #[server(default)] event: String,
    #[server(default)] codes: Vec<String>,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let codes = codes
        .iter()
        .map(|code| super::server::code(code))
        .collect::<Result<Vec<_>, _>>()?;
    if codes.is_empty() {
        return Err(ApiError::conflict("nothing_picked"));
    }
    let permit = permit::<services::permit::CancelOrders>(&ctx, &member).await?;
    // Only to an event of theirs is gone back.
    let event = super::server::event(&ctx, &permit, Some(&event)).await?;
    let done = services::orders::approve_requests(&ctx.services, &permit, &codes).await?;
    let list = event.map_or_else(
        || "orders".to_owned(),
        |event| format!("events/{}/orders", event.slug),
    );
    crate::context::redirect(&format!(
        "/organize/{organization}/{list}?state=asked&approved={}&left={}",
        done.approved, done.left
    ));
    Ok(())
}
