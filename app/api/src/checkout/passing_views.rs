//! What pages show of tickets that change hands.

use domain::tickets::TicketState;
use serde::{Deserialize, Serialize};

use super::{EventBrief, TicketView};
use crate::values::Moment;

/// An order's tickets that are still with its buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassOnView {
    pub secret: String,
    pub code: String,
    /// Of the event.
    pub title: String,
    pub tickets: Vec<PassTicketView>,
}

/// A ticket that may be passed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassTicketView {
    pub id: String,
    pub type_name: String,
    pub holder: String,
    /// Key of the reason why it stays where it is.
    pub why_not: Option<String>,
    pub pending: Option<PendingView>,
    /// Until when an offer made now could be accepted.
    pub until: Moment,
    /// How often it may change hands after that.
    pub hands_left: u16,
}

/// An offer that nobody answered yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingView {
    pub id: String,
    pub name: String,
    pub email: String,
    pub until: Moment,
}

/// An offer, for its recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptView {
    pub secret: String,
    pub event: EventBrief,
    pub type_name: String,
    pub giver: String,
    pub recipient: String,
    pub until: Moment,
    /// Key of the reason why it cannot be accepted.
    pub why_not: Option<String>,
}

/// A ticket that was passed on, for its holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldView {
    pub secret: String,
    pub event: EventBrief,
    pub online_url: Option<String>,
    pub card: TicketView,
    /// It does not admit until a dispute about its payment is decided.
    pub blocked: bool,
    /// To be passed on again; nothing once it is void.
    pub ticket: Option<PassTicketView>,
}

/// A ticket that somebody gave to the person of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenTicketView {
    pub secret: String,
    pub state: TicketState,
    pub ticket_type: String,
    pub event: String,
    /// Venue and town, as far as there are any.
    pub place: String,
    pub starts: Moment,
}
