//! Tickets go over to other people. Whoever may show a ticket may offer it: the buyer by the secret of the order, a later
//! holder by the secret of the ticket. The recipient accepts by a link; then the old code ends and a new one is made.
//!
//! Money never follows: what is given back goes to whoever paid, so the buyer does not call a passed ticket off.
//! Locks are taken as everywhere: order, then the offer, then the ticket.

mod accept;
mod decline;
mod forget;
mod mine;
mod offer;
mod offers;
mod policy;
mod queries;
mod reassign;
mod show;
mod take_back;
mod tell;

pub use accept::{AcceptError, accept};
pub use decline::decline;
pub(crate) use forget::{forget_ended, forget_person};
pub(crate) use mine::given_to;
pub use mine::{GivenTicket, given_to_me};
pub use offer::{OfferError, OfferTicket, offer};
pub use policy::{PassingInput, set_passing_policy};
pub use reassign::{ReassignError, ReassignTicket, reassign};
pub use show::{
    HeldTicket, OfferState, OfferView, PassableTicket, PendingOffer, held, offered, passable,
};
pub use take_back::{TakeBackError, take_back};
pub(crate) use tell::{tell_ended, tell_holders, tell_holders_of_offer};

use domain::{ids::TicketId, text::names_address};
use locales::{Locale, mails};
use uuid::Uuid;

use crate::Services;

/// What the secret of an offer is derived from.
fn about_offer(id: Uuid) -> String {
    format!("handover|{id}")
}

/// What the secret of a ticket that changed hands is derived from. [`tell`] writes the same in SQL.
fn about_ticket(id: TicketId) -> String {
    format!("ticket|{id}")
}

/// What somebody who did not ask for it reads as the name of whoever writes to them. Buyers choose their names freely, so one
/// that would send a stranger somewhere does not get out.
pub(crate) fn name_for_strangers(l: Locale, name: &str) -> &str {
    if names_address(name) {
        mails::somebody(l)
    } else {
        name
    }
}

/// The secret in the address of a ticket that changed hands.
fn holder_secret(sv: &Services, id: TicketId) -> String {
    sv.seal.derive(&about_ticket(id))
}
