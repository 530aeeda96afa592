//! Promo codes: how they are written, and who may use them when.
//!
//! What a code takes off is a matter of prices: [`crate::pricing::discounted`].

mod rule;
mod written;

pub use rule::{Ask, Facts, Refusal, may_use};
pub use written::{Written, fold, random};

use crate::codes::coded_enum;

coded_enum! {
    /// Whether a code can be used.
    pub enum PromoState {
        /// It can, within its limits.
        Active = "active",
        /// The organizer has stopped it for now.
        Paused = "paused",
    }
}

coded_enum! {
    /// What a code takes off.
    pub enum OffKind {
        /// A part of each ticket's price.
        Percent = "percent",
        /// An amount of each ticket.
        Ticket = "ticket",
        /// An amount of the whole order.
        Order = "order",
    }
}
