//! An organizer's events: made from five things, completed section by section, published, changed, postponed, cancelled.
//!
//! Every change raises the event's sequence, is announced through the outbox and told to whoever watches live. Not for:
//! what visitors see (`catalog`) and what is sold (`checkout`, `orders`).

mod after_move;
mod change;
mod create;
mod duplicate;
mod input;
mod lifecycle;
mod list;
mod pools;
mod prices;
mod refund_all;
mod sections;
mod show;
mod ticket_types;
mod times;

use domain::{
    catalog::{EventTransitionError, Missing},
    orders::RefundPolicyError,
    text::FieldErrors,
};

pub use after_move::AfterMoveInput;
pub(crate) use change::{lock_open, tell};
pub use create::{CreateEvent, CreatedEvent, LastEvent, create, last};
pub use duplicate::duplicate;
pub(crate) use input::whole as whole_number;
pub use lifecycle::{Checklist, cancel, checklist, postpone, publish, state, unpublish};
pub use list::{EventFilter, EventPage, EventRow, ListEvents, list_for_organizer};
pub use pools::{PoolInput, add_pool, edit_pool, remove_pool};
pub use prices::{PricesInput, set_prices};
pub use refund_all::{can_refund_everybody, refund_everybody};
pub use sections::{
    BasicsInput, ChangeInput, DescriptionInput, PlaceInput, RefundInput, set_basics,
    set_change_terms, set_description, set_picture, set_place, set_refund_policy, set_visibility,
    set_when,
};
pub use show::{EventDetail, PoolDetail, TicketTypeDetail, id_by_slug, show};
pub use ticket_types::{
    Move, PricePhaseInput, TicketTypeInput, add_ticket_type, edit_ticket_type, move_price_phase,
    move_ticket_type, remove_price_phase, save_price_phase, set_ticket_type_state,
};
pub(crate) use times::optional as optional_time;
pub use times::{WhenInput, time_zones};

use crate::Unexpected;

/// Why something about an event could not be done.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("no such event")]
    NotFound,
    #[error(transparent)]
    Transition(#[from] EventTransitionError),
    /// What must be there first.
    #[error("the event is not complete")]
    Incomplete(Vec<Missing>),
    /// Somebody has tickets: what they bought cannot be taken away like this.
    #[error("tickets are sold")]
    AlreadySold,
    /// Its orders are being refunded: once is enough.
    #[error("the orders of the event are refunded already")]
    RefundsAtWork,
    #[error(transparent)]
    Policy(#[from] RefundPolicyError),
    /// A pool that ticket types draw from, or that places were sold from.
    #[error("the pool is in use")]
    PoolInUse,
    #[error("too many of them")]
    TooMany,
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<sqlx::Error> for EventError {
    fn from(e: sqlx::Error) -> Self {
        Self::Unexpected(e.into())
    }
}
