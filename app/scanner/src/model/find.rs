//! Finding somebody without a code: by name, or by the order they read out.

use domain::{
    checkin::{RosterEntry, Standing, Verdict},
    ids::{OrderCode, TicketId},
    text::{Wanted, search_key},
    when::Timestamp,
};

use super::{Known, Model};

/// Enough for a family; more is a reason to type further.
pub const MOST: usize = 20;

/// One ticket of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub ticket: TicketId,
    pub holder: String,
    pub type_name: String,
    pub order_code: String,
    pub state: Standing,
    pub inside: bool,
}

impl Known {
    pub(super) fn key(&self) -> &str {
        let name = self.entry.name.as_deref().unwrap_or_default();
        self.key.get_or_init(|| search_key(name))
    }
}

impl Model {
    /// Tickets by an order's code or by names, the likeliest first, at most one more than [`MOST`].
    pub fn find(&self, query: &str, now: Timestamp) -> Vec<Match> {
        if let Ok(code) = query.parse::<OrderCode>() {
            let mates = self.of_order(code, now);
            if !mates.is_empty() {
                return mates;
            }
        }
        let Some(mut wanted) = Wanted::of(query) else {
            return Vec::new();
        };
        let everybody = || self.roster.values();
        let mut found: Vec<(u32, &Known)> = everybody()
            .filter_map(|known| Some((wanted.begins(known.key())?, known)))
            .collect();
        // Only who is not found has been misspelt.
        if found.is_empty() {
            found = everybody()
                .filter_map(|known| Some((wanted.resembles(known.key())?, known)))
                .collect();
        }
        found.sort_by(|(a, one), (b, other)| (a, one.key()).cmp(&(b, other.key())));
        found
            .into_iter()
            .take(MOST + 1)
            .map(|(_, known)| self.matched(&known.entry, now))
            .collect()
    }

    /// Everybody who comes with one order, so that a family enters in one go.
    pub fn of_order(&self, code: OrderCode, now: Timestamp) -> Vec<Match> {
        self.tickets_of(code)
            .iter()
            .filter_map(|ticket| self.roster.get(ticket))
            .map(|known| self.matched(&known.entry, now))
            .collect()
    }

    pub(super) fn tickets_of(&self, code: OrderCode) -> Vec<TicketId> {
        self.by_order.get(&code).cloned().unwrap_or_default()
    }

    fn matched(&self, entry: &RosterEntry, now: Timestamp) -> Match {
        let judged = self.judge_chosen(entry.ticket, now);
        let used = judged.is_some_and(|judged| matches!(judged.verdict, Verdict::AlreadyIn { .. }));
        Match {
            ticket: entry.ticket,
            holder: entry.name.clone().unwrap_or_default(),
            type_name: self
                .identity
                .types
                .get(&entry.type_number)
                .cloned()
                .unwrap_or_default(),
            order_code: entry
                .order_code
                .map(|code| code.to_string())
                .unwrap_or_default(),
            state: entry.state,
            inside: used,
        }
    }
}
