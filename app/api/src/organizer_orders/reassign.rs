//! A ticket of an order goes to somebody else.

use leptos::prelude::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// At once, and whoever had it is told.
#[server]
pub async fn reassign_ticket(
    organization: String,
    code: String,
    #[server(default)] ticket: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    use domain::text::Fault;
    use services::passing::{self, ReassignError, ReassignTicket};
    let (ctx, member) = member(&organization).await?;
    let (may, code) = (permit(&ctx, &member).await?, super::server::code(&code)?);
    let unknown = |_| ApiError::field("ticket", Fault::UnknownChoice);
    let cmd = ReassignTicket {
        code,
        ticket: ticket.parse().map_err(unknown)?,
        name,
        email,
        reason,
    };
    match passing::reassign(&ctx.services, &may, cmd).await {
        Ok(()) => {}
        Err(ReassignError::NotFound) => return Err(ApiError::not_found()),
        Err(ReassignError::Fields(fields)) => return Err(fields.into()),
        Err(ReassignError::TooMany(many)) => return Err(ApiError::too_many(many.retry_after)),
        Err(ReassignError::Unexpected(e)) => return Err(e.into()),
        Err(e @ ReassignError::Refused(_)) => return Err(ApiError::conflict(e.code())),
    }
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{code}?done=reassigned"
    ));
    Ok(())
}
