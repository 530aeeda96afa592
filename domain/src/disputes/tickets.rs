//! What becomes of the tickets whose payment is disputed.

use super::DisputeState;
use crate::codes::coded_enum;

coded_enum! {
    /// What an organization does with tickets while the bank has not decided.
    pub enum TicketPolicy {
        /// They do not admit until it is decided.
        Block = "block",
        /// They admit as before.
        Keep = "keep",
    }
}

/// What becomes of an order's tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tickets {
    /// They do not admit for now.
    Block,
    /// They admit, as far as the order has valid ones.
    Admit,
    /// They are void for good.
    Void,
}

impl TicketPolicy {
    /// Decides from all disputes of one order. A part that was lost does not say which tickets it was for: only when
    /// nothing is left of the money are the tickets void. Who came in before has come in.
    pub fn decide(
        self,
        disputes: impl IntoIterator<Item = DisputeState>,
        money_left: bool,
    ) -> Tickets {
        let (mut lost, mut waits) = (false, false);
        for state in disputes {
            lost |= state == DisputeState::Lost;
            waits |= state.holds_money();
        }
        match (lost && !money_left && !waits, self) {
            (true, _) => Tickets::Void,
            (false, Self::Block) if waits => Tickets::Block,
            (false, Self::Block | Self::Keep) => Tickets::Admit,
        }
    }
}
