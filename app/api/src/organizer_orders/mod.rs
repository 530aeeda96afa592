//! An organizer's orders and attendees: lists, one order, money back.

mod change;
mod reassign;
mod requests;
#[cfg(feature = "ssr")]
mod server;
mod view;

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

pub use change::{ChangePreview, ChangeTicketsOfOrder, change_preview, change_tickets_of_order};
pub use reassign::{ReassignTicket, reassign_ticket};
pub use requests::{
    ApproveRequest, ApproveRequests, DeclineRequest, approve_request, approve_requests,
    decline_request,
};
pub use view::*;

use crate::ApiError;
#[cfg(feature = "ssr")]
use crate::organizers::server::{member, permit};

/// One page of orders, of one event or of all; `state` is a state's code or empty for all.
#[server(input = GetUrl)]
pub async fn organizer_orders(
    organization: String,
    #[server(default)] event: Option<String>,
    #[server(default)] q: String,
    #[server(default)] state: String,
    #[server(default)] after: Option<String>,
) -> Result<OrderListView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let permit = permit::<services::permit::ViewOrders>(&ctx, &member).await?;
    let event = server::event(&ctx, &permit, event.as_deref()).await?;
    let ask = services::orders::ListOrders {
        event: event.as_ref().map(|e| e.id),
        state: state.parse().ok(),
        search: q,
        cursor: after,
        limit: server::PAGE,
    };
    let page = services::orders::list(&ctx.services, &permit, ask).await?;
    Ok(OrderListView {
        event: event.as_ref().map(server::heading),
        rows: page.items.into_iter().map(server::order_row).collect(),
        next: page.next,
    })
}

/// What an event is called, for the head of each of its pages.
#[server(input = GetUrl)]
pub async fn organizer_event_heading(
    organization: String,
    event: String,
) -> Result<EventHeading, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let permit = permit::<services::permit::ViewEvents>(&ctx, &member).await?;
    let found = server::event(&ctx, &permit, Some(&event)).await?;
    found
        .as_ref()
        .map(server::heading)
        .ok_or_else(ApiError::not_found)
}

/// One order with everything that happened to it.
#[server(input = GetUrl)]
pub async fn organizer_order(
    organization: String,
    code: String,
) -> Result<OrganizerOrderView, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let may = permit(&ctx, &member).await?;
    let found = services::orders::show(&ctx.services, &may, server::code(&code)?).await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    let vat_id = &found.order.invoice.vat_id;
    let vat_check = services::vat::check(&ctx.services, &may, vat_id).await?;
    Ok(server::order(found, vat_check))
}

/// What a refund would do now. `choice` is "full", "amount" or "tickets", or empty while nothing is chosen, which does
/// nothing; `tickets` are ids with commas between.
#[server(input = GetUrl)]
pub async fn refund_preview(
    organization: String,
    code: String,
    #[server(default)] choice: String,
    #[server(default)] amount: String,
    #[server(default)] tickets: String,
    #[server(default)] keep: bool,
) -> Result<Option<RefundPreviewView>, ApiError> {
    let (ctx, member) = member(&organization).await?;
    let asked = server::Asked {
        code: &code,
        choice: &choice,
        amount: &amount,
        tickets: &tickets,
        keep,
    };
    if choice.is_empty() {
        return Ok(None);
    }
    server::preview(&ctx, &member, &asked).await.map(Some)
}

/// Gives money back as it was previewed: `accepted` is the amount that was shown. Above the organization's limit it asks a
/// second person instead.
#[server]
pub async fn refund_order(
    organization: String,
    code: String,
    choice: String,
    #[server(default)] amount: String,
    #[server(default)] tickets: String,
    #[server(default)] keep: bool,
    accepted: String,
    #[server(default)] reason: String,
    key: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let asked = server::Asked {
        code: &code,
        choice: &choice,
        amount: &amount,
        tickets: &tickets,
        keep,
    };
    let back = server::refund(&ctx, &member, &asked, &accepted, &reason, key).await?;
    let Some(back) = back else {
        crate::context::redirect(&format!("/organize/{organization}/approvals?done=asked"));
        return Ok(());
    };
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{}?done={}",
        server::code(&code)?,
        if back.is_zero() { "ended" } else { "refund" }
    ));
    Ok(())
}

/// What scanners show with every ticket of the order; nothing takes it away.
#[server]
pub async fn set_order_door_note(
    organization: String,
    code: String,
    #[server(default)] note: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let (may, code) = (permit(&ctx, &member).await?, server::code(&code)?);
    services::orders::set_door_note(&ctx.services, &may, code, &note).await?;
    crate::context::redirect(&format!("/organize/{organization}/orders/{code}?done=note"));
    Ok(())
}

/// Hands a refund that the provider refused to it once more.
#[server]
pub async fn retry_refund(
    organization: String,
    code: String,
    refund: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let code = server::code(&code)?;
    let id = refund.parse().map_err(|_| ApiError::not_found())?;
    services::orders::retry_refund(&ctx.services, &permit(&ctx, &member).await?, id).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{code}?done=retry"
    ));
    Ok(())
}

/// Calls an order off; its money stays until it is given back.
#[server]
pub async fn cancel_order_by_organizer(
    organization: String,
    code: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let code = server::code(&code)?;
    let cmd = services::orders::CancelOrder {
        code,
        reason: server::reason(&reason)?,
    };
    services::orders::cancel(&ctx.services, &permit(&ctx, &member).await?, cmd).await?;
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{code}?done=cancel"
    ));
    Ok(())
}

/// Mails the tickets once more.
#[server]
pub async fn resend_order(organization: String, code: String) -> Result<(), ApiError> {
    let (ctx, member) = member(&organization).await?;
    let code = server::code(&code)?;
    let sent =
        services::orders::resend_for_organizer(&ctx.services, &permit(&ctx, &member).await?, code)
            .await;
    sent.map_err(server::resend_refused)?;
    crate::context::redirect(&format!(
        "/organize/{organization}/orders/{code}?done=resend"
    ));
    Ok(())
}

/// One page of those who come.
#[server(input = GetUrl)]
pub async fn organizer_attendees(
    organization: String,
    event: String,
    #[server(default)] q: String,
    #[server(default)] after: Option<String>,
) -> Result<AttendeeListView, ApiError> {
    use domain::permissions::Right;
    let (ctx, member) = member(&organization).await?;
    let permit = permit::<services::permit::ViewAttendees>(&ctx, &member).await?;
    let event = server::event(&ctx, &permit, Some(&event))
        .await?
        .ok_or_else(ApiError::not_found)?;
    let ask = services::orders::attendees::ListAttendees {
        event: event.id,
        search: q,
        with_void: false,
        cursor: after,
        limit: server::PAGE,
    };
    let page = services::orders::attendees::list(&ctx.services, &permit, ask).await?;
    Ok(AttendeeListView {
        may_export: member.may(Right::ExportAttendees),
        may_see_orders: member.may(Right::ViewOrders),
        rows: page
            .items
            .into_iter()
            .map(|row| server::attendee(row, &event.time_zone))
            .collect(),
        event: server::heading(&event),
        next: page.next,
    })
}
