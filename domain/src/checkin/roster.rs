//! What a device knows about a ticket.

use serde::{Deserialize, Serialize};

use crate::{
    ids::{DeviceId, OrderCode, TicketId},
    planted::{Bug, planted},
    tickets::{Claims, TicketState},
    when::Timestamp,
};

/// One ticket in the list that a device carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterEntry {
    /// The ticket.
    pub ticket: TicketId,
    /// Its type's number within the event.
    pub type_number: u16,
    /// Whether it admits.
    pub state: TicketState,
    /// Who comes with it.
    pub name: Option<String>,
    /// The order it belongs to; unknown for a ticket that was sold after the list was loaded.
    pub order_code: Option<OrderCode>,
    /// How often it admits.
    pub admissions_allowed: u16,
    /// The admissions known here.
    pub admitted: Vec<Admission>,
}

/// One time somebody got in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Admission {
    /// When.
    pub at: Timestamp,
    /// Where, by name.
    pub gate: Option<String>,
    /// Who let them in.
    pub device: DeviceId,
}

impl RosterEntry {
    /// The entry a device writes down for a genuine ticket that its list does not have, so that the next scan of the
    /// same code finds it. Such a ticket admits once until the list is loaded again.
    pub fn new_to_device(claims: &Claims) -> Self {
        Self {
            ticket: claims.ticket,
            type_number: claims.type_number,
            state: TicketState::Valid,
            name: None,
            order_code: None,
            admissions_allowed: 1,
            admitted: Vec::new(),
        }
    }

    /// The latest admission, once all that are allowed have happened.
    pub fn used_up(&self) -> Option<&Admission> {
        if planted(Bug::UsedAdmittedAgain) {
            return None;
        }
        // A ticket that never admits is a cancelled one; zero here can only be a mistake.
        let allowed = usize::from(self.admissions_allowed.max(1));
        self.admitted
            .iter()
            .max()
            .filter(|_| self.admitted.len() >= allowed)
    }
}
