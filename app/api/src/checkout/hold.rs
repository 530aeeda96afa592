//! From chosen tickets to held ones.

use std::collections::BTreeMap;

use domain::ids::TicketTypeId;
use leptos::prelude::*;

use crate::ApiError;

/// The name of the form's field for how many of a ticket type. The letter keeps the id from being read as a position.
#[must_use]
pub fn quantity_field(ticket_type: TicketTypeId) -> String {
    format!("tickets[{MARK}{ticket_type}]")
}

const MARK: char = 't';

/// Holds what was chosen and goes on to the details. `tickets` is quantities by ticket type, as typed.
#[server]
pub async fn hold_tickets(
    event: String,
    #[server(default)] tickets: BTreeMap<String, String>,
    #[server(default)] key: String,
    #[server(default)] place: String,
    #[server(default)] proof: String,
    #[server(default)] code: String,
) -> Result<(), ApiError> {
    use services::checkout::{self, EventRef, HoldError, HoldTickets};
    let ctx = crate::ctx()?;
    let lines = parse::lines(&tickets)?;
    let place = Some(place)
        .filter(|place| !place.is_empty())
        .or_else(|| crate::context::place(&ctx, &event));
    let line = crate::path::waiting(&event, place.as_deref(), &code);
    let cmd = HoldTickets {
        event: EventRef::Slug(event),
        lines,
        locale: ctx.request.locale,
        address: ctx.request.client,
        place,
        proof: Some(proof).filter(|proof| !proof.is_empty()),
        key_of_a_view: true,
        idempotency_key: Some(key)
            .filter(|key| !key.is_empty())
            .or_else(|| Some(format!("view|{}", ctx.request.view.as_ref()?)))
            .filter(|key| (8..=100).contains(&key.len())),
    };
    let held = match checkout::hold(&ctx.services, cmd).await {
        Err(HoldError::NotYourTurn) => {
            crate::context::redirect(&line);
            return Ok(());
        }
        outcome => outcome.map_err(parse::refusal)?,
    };
    let next = super::code::after_hold(&ctx, held.token, &code).await?;
    crate::context::redirect(&next);
    Ok(())
}

#[cfg(feature = "ssr")]
mod parse {
    use std::collections::BTreeMap;

    use domain::{ids::TicketTypeId, text::Fault};
    use services::checkout::HoldError;

    use crate::{ApiError, ErrorKind, FieldError};

    /// The field that stands for the whole choice.
    const CHOICE: &str = "tickets";
    /// No event has more ticket types.
    const MOST_TYPES: usize = 200;

    pub(super) fn lines(
        tickets: &BTreeMap<String, String>,
    ) -> Result<Vec<(TicketTypeId, u16)>, ApiError> {
        if tickets.len() > MOST_TYPES {
            return Err(ApiError::new(ErrorKind::Invalid, "bad_request"));
        }
        let mut lines = Vec::new();
        for (id, quantity) in tickets {
            let quantity = quantity.trim();
            if quantity.is_empty() {
                continue;
            }
            let number = quantity
                .parse()
                .map_err(|_| ApiError::field(CHOICE, Fault::NotANumber))?;
            let id = id.strip_prefix(super::MARK).and_then(|id| id.parse().ok());
            let id = id.ok_or_else(|| ApiError::new(ErrorKind::Invalid, "bad_request"))?;
            lines.push((id, number));
        }
        Ok(lines)
    }

    pub(super) fn refusal(error: HoldError) -> ApiError {
        let code = error.code();
        let about = |params: Vec<(&str, String)>, code: &str, kind: ErrorKind| ApiError {
            fields: vec![FieldError {
                field: CHOICE.to_owned(),
                code: code.to_owned(),
                params: params
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            }],
            ..ApiError::new(kind, code)
        };
        match error {
            HoldError::EventNotFound => ApiError::not_found(),
            HoldError::NothingChosen | HoldError::TicketTypeGone => {
                about(Vec::new(), code, ErrorKind::Invalid)
            }
            HoldError::TooMany { ticket_type, max } => about(
                vec![("name", ticket_type), ("max", max.to_string())],
                code,
                ErrorKind::Invalid,
            ),
            HoldError::TooFew { ticket_type, min } => about(
                vec![("name", ticket_type), ("min", min.to_string())],
                code,
                ErrorKind::Invalid,
            ),
            HoldError::SoldOut { ticket_type } => about(
                vec![("name", ticket_type)],
                "type_sold_out",
                ErrorKind::Conflict,
            ),
            HoldError::OnlyLeft { ticket_type, left } => about(
                vec![("name", ticket_type), ("left", left.to_string())],
                "only_left",
                ErrorKind::Conflict,
            ),
            HoldError::OnlyTogether { left } => about(
                vec![("left", left.to_string())],
                "only_together",
                ErrorKind::Conflict,
            ),
            HoldError::NotOnSale { ticket_type, .. } => about(
                vec![("name", ticket_type)],
                "type_not_on_sale",
                ErrorKind::Conflict,
            ),
            HoldError::EventNotOnSale { .. }
            | HoldError::Suspended
            | HoldError::NotYourTurn
            | HoldError::Crowd
            | HoldError::TooManyHolds { .. }
            | HoldError::KeyConflict => ApiError::conflict(code),
            HoldError::Unexpected(error) => error.into(),
        }
    }
}
