//! What somebody wants for their tickets, and why they cannot have it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    ids::{EventId, TicketId, TicketTypeId},
    orders::OrderTransitionError,
};
use serde::{Deserialize, Serialize};

use crate::{Unexpected, checkout::HoldError};

/// Tickets for tickets. Without any given in, something is added to the order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeWish {
    pub tickets: Vec<TicketId>,
    /// Another event of the organizer's; nothing: the order's own.
    pub event: Option<EventId>,
    /// Quantities of nothing are ignored; the same type twice adds up.
    pub wanted: Vec<(TicketTypeId, u16)>,
}

impl ExchangeWish {
    pub(super) fn given(&self) -> BTreeSet<TicketId> {
        self.tickets.iter().copied().collect()
    }

    pub(super) fn wanted(&self) -> BTreeMap<TicketTypeId, u32> {
        let mut wanted: BTreeMap<TicketTypeId, u32> = BTreeMap::new();
        for (ticket_type, quantity) in self.wanted.iter().filter(|(_, quantity)| *quantity > 0) {
            *wanted.entry(*ticket_type).or_default() += u32::from(*quantity);
        }
        wanted
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    #[error("no such order")]
    NotFound,
    /// The terms, the order or a ticket stand against it.
    #[error("not allowed: {why}")]
    NotAllowed { why: &'static str },
    /// What is wanted cannot be had.
    #[error(transparent)]
    Wanted(HoldError),
    /// The way on: look at the new amounts and accept them.
    #[error("other amounts were accepted")]
    Changed,
    #[error(transparent)]
    Transition(#[from] OrderTransitionError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl ExchangeError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotAllowed { why } => why,
            Self::Wanted(e) => e.code(),
            Self::Changed => "exchange_changed",
            Self::Transition(e) => e.code(),
            Self::Unexpected(_) => "internal",
        }
    }
}

impl From<HoldError> for ExchangeError {
    fn from(e: HoldError) -> Self {
        match e {
            HoldError::Unexpected(e) => Self::Unexpected(e),
            e => Self::Wanted(e),
        }
    }
}
