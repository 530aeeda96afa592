//! Tickets for the wallets of phones: passes for Apple's, links for Google's. Where neither is set up, nothing of it is shown.
//!
//! A pass carries the code of the ticket as it was when the pass was made. It does not hear of what comes later: the door
//! decides, and a ticket that was passed on or called off gets no pass any more.

mod apple;
mod facts;
mod google;

pub use apple::{ApplePass, apple_pass};
pub use facts::Holder;
pub use google::google_link;

use domain::ids::TicketId;

use crate::Services;

/// Addresses at which a ticket's passes are made, as far as there are any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassLinks {
    pub apple: Option<String>,
    pub google: Option<String>,
}

impl PassLinks {
    /// For the buyer of an order.
    #[must_use]
    pub fn of_order(sv: &Services, secret: &str, ticket: TicketId) -> Self {
        Self::below(sv, &format!("/orders/{secret}/tickets/{ticket}"))
    }

    /// For somebody to whom the ticket was passed on.
    #[must_use]
    pub fn of_holder(sv: &Services, secret: &str) -> Self {
        Self::below(sv, &format!("/tickets/{secret}"))
    }

    fn below(sv: &Services, address: &str) -> Self {
        let to = |file: &str| format!("{address}/{file}");
        Self {
            apple: sv.apple_wallet.as_ref().map(|_| to("ticket.pkpass")),
            google: sv.google_wallet.as_ref().map(|_| to("google-wallet")),
        }
    }
}
