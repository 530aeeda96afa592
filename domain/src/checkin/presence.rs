//! How often a ticket came in, and how many are inside with it.

use super::Uses;

/// What has happened with one ticket on one list, in the order of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    used: u32,
    inside: u32,
}

impl Presence {
    /// Whether one more may come in.
    pub fn may_enter(self, uses: Uses) -> bool {
        let counted = if uses.reentry { self.inside } else { self.used };
        counted < u32::from(uses.times.max(1))
    }

    /// Somebody came in.
    pub fn enter(&mut self) {
        self.used = self.used.saturating_add(1);
        self.inside = self.inside.saturating_add(1);
    }

    /// Somebody left. Says whether anybody was inside: a second exit takes nobody out.
    pub fn leave(&mut self) -> bool {
        let was_in = self.inside > 0;
        self.inside = self.inside.saturating_sub(1);
        was_in
    }

    /// What happened here and there together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            used: self.used.saturating_add(other.used),
            inside: self.inside.saturating_add(other.inside),
        }
    }

    /// How many are inside with this ticket.
    pub fn inside(self) -> u32 {
        self.inside
    }
}
