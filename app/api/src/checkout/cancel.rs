//! Giving tickets back: what each would bring, what the choice would do, and doing it.

use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

use super::views::GiveBackView;
use crate::ApiError;

/// The tickets of an order and what they would bring. `tickets` are the chosen ids with commas between; empty before
/// anything is chosen.
#[server(input = GetUrl)]
pub async fn cancel_page(
    secret: String,
    #[server(default)] tickets: String,
) -> Result<GiveBackView, ApiError> {
    let sv = crate::ctx()?.services;
    let order = services::orders::show_by_secret(&sv, &secret)
        .await?
        .ok_or_else(ApiError::not_found)?;
    let all = make::preview(&sv, &secret, "").await?;
    let chosen = match tickets.as_str() {
        "" => None,
        some => Some(make::preview(&sv, &secret, some).await?),
    };
    Ok(make::view(&sv, secret, tickets, &order, all, chosen))
}

/// Calls tickets off, or all of the order where none are named. `refund_minor` is what the buyer saw would come back;
/// another amount is asked about again.
#[server]
pub async fn cancel_order(
    secret: String,
    refund_minor: i64,
    currency: String,
    #[server(default)] tickets: String,
) -> Result<(), ApiError> {
    use domain::money::Money;
    use services::orders::{self, CancelByBuyer, CancelByBuyerError};
    let sv = crate::ctx()?.services;
    let currency = currency
        .parse()
        .map_err(|_| ApiError::new(crate::ErrorKind::Invalid, "bad_request"))?;
    let done = format!("/orders/{secret}?done=cancel");
    let some = !tickets.is_empty();
    let cmd = CancelByBuyer {
        secret,
        tickets: make::which(&tickets)?,
        accepted_refund: Money::new(refund_minor, currency),
    };
    match orders::cancel_by_buyer(&sv, cmd).await {
        Ok(_) => {
            if some {
                crate::context::redirect(&done);
            }
            Ok(())
        }
        Err(CancelByBuyerError::NotFound) => Err(ApiError::not_found()),
        Err(CancelByBuyerError::Unexpected(e)) => Err(e.into()),
        Err(e) => Err(ApiError::conflict(e.code())),
    }
}

#[cfg(feature = "ssr")]
mod make {
    use domain::ids::TicketId;
    use services::{
        Services,
        orders::{self, CancelPreview, OrderView, WhichTickets},
    };

    use crate::{
        ApiError, ErrorKind,
        checkout::views::{EventBrief, GiveBackView, GivenBack, TicketBackView},
        values::refund_terms,
    };

    pub(super) fn which(tickets: &str) -> Result<WhichTickets, ApiError> {
        if tickets.is_empty() {
            return Ok(WhichTickets::All);
        }
        let ids: Result<Vec<TicketId>, _> = tickets.split(',').map(str::parse).collect();
        ids.map(WhichTickets::These)
            .map_err(|_| ApiError::new(ErrorKind::Invalid, "unknown_ticket"))
    }

    pub(super) async fn preview(
        sv: &Services,
        secret: &str,
        tickets: &str,
    ) -> Result<CancelPreview, ApiError> {
        orders::preview_cancel(sv, secret, &which(tickets)?)
            .await?
            .ok_or_else(ApiError::not_found)
    }

    pub(super) fn view(
        sv: &Services,
        secret: String,
        tickets: String,
        order: &OrderView,
        all: CancelPreview,
        chosen: Option<CancelPreview>,
    ) -> GiveBackView {
        GiveBackView {
            secret,
            code: order.code.to_string(),
            state: order.state,
            event: EventBrief::new(sv, &order.event),
            refund_terms: refund_terms(&order.refunds_until, order.now, &order.event.time_zone),
            percent: all.percent,
            why_not: none(&all),
            tickets: rows(order, &all),
            chosen: chosen.map(|plan| GivenBack {
                tickets: rows(order, &plan),
                ids: tickets,
                why_not: plan.why_not.clone().filter(|_| !plan.allowed),
                refund: plan.refund,
                stay: plan.stay,
            }),
        }
    }

    /// Why none can be given back. What holds only for some of the tickets leaves the others to be chosen.
    fn none(all: &CancelPreview) -> Option<String> {
        let of_one = |why: &str| matches!(why, "cancel_already_inside" | "cancel_passed_on");
        let some_left = all.each.iter().any(|ticket| ticket.why_not.is_none());
        let why = all.why_not.clone();
        why.filter(|why| !(some_left && of_one(why)))
    }

    fn rows(order: &OrderView, plan: &CancelPreview) -> Vec<TicketBackView> {
        plan.each
            .iter()
            .filter_map(|back| {
                let ticket = order.tickets.iter().find(|ticket| ticket.id == back.id)?;
                Some(TicketBackView {
                    id: back.id.to_string(),
                    holder: ticket.holder_name.clone(),
                    type_name: ticket.type_name.clone(),
                    paid: back.paid,
                    back: back.back,
                    ends: back.ends,
                    why_not: back.why_not.clone(),
                })
            })
            .collect()
    }
}
