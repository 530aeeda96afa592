//! What a device knows about a ticket.

use serde::{Deserialize, Serialize};

use super::{Presence, Uses};
use crate::{
    codes::coded_enum,
    ids::{CheckInListId, DeviceId, OrderCode, TicketId},
    planted::{Bug, planted},
    tickets::{Claims, TicketState},
    when::Timestamp,
};

coded_enum! {
    /// Whether a ticket stands, as a door sees it.
    pub enum Standing {
        Valid = "valid",
        Cancelled = "cancelled",
        Replaced = "replaced",
        /// Stopped for a reason that is not for the door: a disputed payment.
        Blocked = "blocked",
    }
}

impl Standing {
    /// Of a ticket, and of whether its order is stopped.
    pub fn of(state: TicketState, blocked: bool) -> Self {
        match state {
            TicketState::Valid if blocked => Self::Blocked,
            TicketState::Valid => Self::Valid,
            TicketState::Cancelled => Self::Cancelled,
            TicketState::Replaced => Self::Replaced,
        }
    }
}

/// One ticket in the list that a device carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RosterEntry {
    /// The ticket.
    pub ticket: TicketId,
    /// Its type's number within the event.
    pub type_number: u16,
    /// Whether it admits.
    pub state: Standing,
    /// Who comes with it.
    pub name: Option<String>,
    /// The order it belongs to; unknown for a ticket that was sold after the list was loaded.
    pub order_code: Option<OrderCode>,
    /// What to look at before this person goes in.
    #[serde(default)]
    pub note: Option<String>,
    /// The entries and exits known here that count.
    pub admitted: Vec<Admission>,
}

/// One time somebody got in, or left.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Admission {
    /// When.
    pub at: Timestamp,
    /// Where, by name.
    pub gate: Option<String>,
    /// Who let them in.
    pub device: DeviceId,
    /// On which list; nothing where the event has none.
    #[serde(default)]
    pub list: Option<CheckInListId>,
    /// Somebody left instead.
    #[serde(default)]
    pub exit: bool,
}

impl RosterEntry {
    /// The entry a device writes down for a genuine ticket that its list does not have, so that the next scan of the
    /// same code finds it.
    pub fn new_to_device(claims: &Claims) -> Self {
        Self {
            ticket: claims.ticket,
            type_number: claims.type_number,
            state: Standing::Valid,
            name: None,
            order_code: None,
            note: None,
            admitted: Vec::new(),
        }
    }

    /// What counts against it on one list. An entry on no list is one from before there were lists, and counts on each.
    pub fn presence(&self, list: Option<CheckInListId>) -> Presence {
        let own = self.happened(list);
        if list.is_some() {
            own.with(self.happened(None))
        } else {
            own
        }
    }

    /// What happened on one list alone.
    fn happened(&self, list: Option<CheckInListId>) -> Presence {
        let mut there: Vec<_> = self
            .admitted
            .iter()
            .filter(|one| one.list == list)
            .collect();
        there.sort();
        let mut presence = Presence::default();
        for one in there {
            if one.exit {
                presence.leave();
            } else {
                presence.enter();
            }
        }
        presence
    }

    /// How many are inside with it, on lists that are not over.
    pub fn inside(&self, over: &[CheckInListId]) -> u32 {
        let counts = |list: Option<CheckInListId>| list.is_none_or(|list| !over.contains(&list));
        // Scanners ask this of all tickets after each scan, and most of them have come in once or not at all.
        match self.admitted.as_slice() {
            [] => return 0,
            [one] => return u32::from(!one.exit && counts(one.list)),
            _ => {}
        }
        self.lists()
            .into_iter()
            .filter(|list| counts(*list))
            .map(|list| self.happened(list).inside())
            .sum()
    }

    /// The list somebody is inside on who leaves now: where they came in last.
    pub(super) fn inside_on(&self, over: &[CheckInListId]) -> Option<Option<CheckInListId>> {
        let mut entries: Vec<_> = self.admitted.iter().filter(|one| !one.exit).collect();
        entries.sort();
        entries
            .into_iter()
            .rev()
            .map(|one| one.list)
            .filter(|list| list.is_none_or(|list| !over.contains(&list)))
            .find(|list| self.happened(*list).inside() > 0)
    }

    fn lists(&self) -> Vec<Option<CheckInListId>> {
        let mut lists: Vec<_> = self.admitted.iter().map(|one| one.list).collect();
        lists.sort();
        lists.dedup();
        lists
    }

    /// The latest entry on a list, once all that are allowed have happened.
    pub fn used_up(&self, list: Option<CheckInListId>, uses: Uses) -> Option<&Admission> {
        if planted(Bug::UsedAdmittedAgain) {
            return None;
        }
        self.admitted
            .iter()
            .filter(|one| !one.exit && (one.list == list || one.list.is_none()))
            .max()
            .filter(|_| !self.presence(list).may_enter(uses))
    }
}
