//! The door a scanner stands at: which lists admit there, and what was opened by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Presence, RosterEntry, Verdict};
use crate::{
    ids::CheckInListId,
    when::{Timestamp, ValidityWindow},
};

/// How often a ticket admits on one list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Uses {
    /// Entries in all; with `reentry`, people inside at the same time.
    pub times: u16,
    /// Who has left may come back.
    pub reentry: bool,
}

impl Uses {
    /// One entry, for good.
    pub const ONCE: Self = Self {
        times: 1,
        reentry: false,
    };
}

/// Which tickets may come in where, when and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CheckInList {
    pub id: CheckInListId,
    pub name: String,
    /// Numbers of ticket types; nothing means all of them.
    pub types: Option<BTreeSet<u16>>,
    /// Gates by name; nothing means every gate.
    pub gates: Option<BTreeSet<String>>,
    /// When it admits.
    pub window: ValidityWindow,
    pub uses: Uses,
}

impl CheckInList {
    fn admits_type(&self, number: u16) -> bool {
        self.types
            .as_ref()
            .is_none_or(|types| types.contains(&number))
    }

    fn stands_at(&self, gate: &str) -> bool {
        self.gates.as_ref().is_none_or(|gates| gates.contains(gate))
    }
}

/// A gate that was opened by hand for a kind of ticket that belongs elsewhere: the queue there is too long.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Opening {
    pub gate: String,
    pub type_number: u16,
}

/// What the rule needs to know of a door besides the event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Place {
    /// Its name; empty where the event has one door only.
    pub gate: String,
    /// In the order in which they are asked. Without any, every ticket of the event admits once.
    #[serde(default)]
    pub lists: Vec<CheckInList>,
    #[serde(default)]
    pub openings: Vec<Opening>,
    /// What to look at for a kind of ticket, by its number ("check the student card").
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub type_notes: BTreeMap<u16, String>,
}

impl Place {
    /// The list a ticket comes in on, here and now, with how often it may; or why there is none.
    ///
    /// Where several lists would do, the first one that the ticket has not used up.
    pub(super) fn list_for(
        &self,
        type_number: u16,
        entry: Option<&RosterEntry>,
        now: Timestamp,
    ) -> Result<(Option<CheckInListId>, Uses), Verdict> {
        if self.lists.is_empty() {
            return Ok((None, Uses::ONCE));
        }
        let of_type: Vec<_> = self
            .lists
            .iter()
            .filter(|list| list.admits_type(type_number))
            .collect();
        if of_type.is_empty() {
            return Err(Verdict::NotAdmitted);
        }
        let opened = self
            .openings
            .iter()
            .any(|opening| opening.gate == self.gate && opening.type_number == type_number);
        let here: Vec<_> = of_type
            .iter()
            .filter(|list| opened || list.stands_at(&self.gate))
            .collect();
        if here.is_empty() {
            return Err(elsewhere(&of_type, now));
        }
        let open = || here.iter().filter(|list| list.window.contains(now));
        let unused = open().find(|list| {
            let presence = |entry: &RosterEntry| entry.presence(Some(list.id));
            entry
                .map_or_else(Presence::default, presence)
                .may_enter(list.uses)
        });
        if let Some(list) = unused.or_else(|| open().next()) {
            return Ok((Some(list.id), list.uses));
        }
        let opens = here
            .iter()
            .map(|list| list.window.from)
            .filter(|from| *from > now)
            .min();
        let closed = here.iter().map(|list| list.window.until).max();
        Err(match (opens, closed) {
            (Some(opens), _) => Verdict::TooEarly { opens },
            (None, Some(closed)) => Verdict::TooLate { closed },
            (None, None) => Verdict::NotAdmitted,
        })
    }

    /// The list that an entry or an exit counts on where the rule itself names none: of those for such tickets the one
    /// that is open, else the next to open, else the last that was.
    pub fn usual_list(&self, type_number: u16, now: Timestamp) -> Option<CheckInListId> {
        let lists = || {
            self.lists
                .iter()
                .filter(|list| list.admits_type(type_number))
        };
        let open = lists().find(|list| list.window.contains(now));
        let next = || {
            lists()
                .filter(|list| list.window.from > now)
                .min_by_key(|list| list.window.from)
        };
        let last = || lists().max_by_key(|list| list.window.until);
        open.or_else(next).or_else(last).map(|list| list.id)
    }

    /// Lists whose time is over: whoever forgot to be scanned out has left.
    pub fn over(&self, now: Timestamp) -> Vec<CheckInListId> {
        self.lists
            .iter()
            .filter(|list| list.window.until <= now)
            .map(|list| list.id)
            .collect()
    }

    /// How often a ticket admits on a list, wherever it was scanned. A list that is gone by now admitted once.
    pub fn uses(&self, list: Option<CheckInListId>) -> Uses {
        self.lists
            .iter()
            .find(|known| Some(known.id) == list)
            .map_or(Uses::ONCE, |known| known.uses)
    }
}

/// Where such a ticket should go: gates that admit it now, else gates that admit it at all.
fn elsewhere(lists: &[&CheckInList], now: Timestamp) -> Verdict {
    let gates = |lists: &[&CheckInList]| -> BTreeSet<String> {
        lists
            .iter()
            .filter_map(|list| list.gates.as_ref())
            .flatten()
            .cloned()
            .collect()
    };
    let open: Vec<_> = lists
        .iter()
        .copied()
        .filter(|list| list.window.contains(now))
        .collect();
    let mut where_to = gates(&open);
    if where_to.is_empty() {
        where_to = gates(lists);
    }
    Verdict::WrongGate {
        gates: where_to.into_iter().collect(),
    }
}
