//! An organizer's own account at the payment provider, connected to the platform's: what is known of it, and what that
//! means for their money. News comes late, twice and in any order.

mod asked;
mod money;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

pub use asked::Asked;
pub use money::{MoneyGoes, goes_straight};

use crate::{
    codes::coded_enum,
    when::{Timestamp, shift},
};

coded_enum! {
    /// Where a connected account stands, in words an organizer can act on.
    pub enum Standing {
        /// There is none.
        NotBegun = "not_begun",
        /// The provider must be told more first.
        DetailsMissing = "details_missing",
        /// Everything is told; the provider is looking at it.
        BeingChecked = "being_checked",
        /// Takes payments and pays out.
        Ready = "ready",
        /// Was ready, and may not do everything any more.
        Restricted = "restricted",
        /// The provider wants nothing to do with it.
        Rejected = "rejected",
        /// The organizer has cut the connection.
        Disconnected = "disconnected",
    }
}

/// What the provider says of an account at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Facts {
    /// The organizer has been through the provider's pages.
    pub submitted: bool,
    /// Payments can be taken in its name.
    pub charges: bool,
    /// The provider pays out to the organizer's bank.
    pub payouts: bool,
    /// Money can be sent to it.
    pub transfers: bool,
    /// What the provider wants to know.
    pub asked: BTreeSet<Asked>,
    /// What of it is late already.
    pub overdue: BTreeSet<Asked>,
    /// What was told is being looked at.
    pub checking: bool,
    /// When the account is restricted unless told what is asked.
    pub deadline: Option<Timestamp>,
    /// The provider's own word for why not everything is possible; empty where it is.
    pub disabled: String,
}

impl Facts {
    fn all_works(&self) -> bool {
        self.charges && self.payouts && self.transfers
    }

    fn rejected(&self) -> bool {
        self.disabled.starts_with("rejected")
    }
}

/// What the provider has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountNews {
    /// This is how it was at that moment.
    Told { at: Timestamp, facts: Facts },
    /// The connection is cut. For good: whoever connects again gets another account.
    Gone,
}

/// What news has done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It was known, or is older than what is known.
    Nothing,
    /// Something is known that was not.
    Changed,
    /// What is true now cannot be told from it: the provider has to be asked.
    Doubtful,
}

/// Clocks differ by less. What comes that close after an answer of ours may be newer than that.
const CLOCKS_DIFFER: SignedDuration = SignedDuration::from_mins(5);

/// An account, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Connected {
    /// When that was so; nothing is known before.
    pub at: Option<Timestamp>,
    pub facts: Facts,
    /// It was ready once.
    pub was_ready: bool,
    pub gone: bool,
}

impl Connected {
    /// Takes news in. The latest counts, and of one moment the one that says more is possible: the end is the same for
    /// every order, and repeats change nothing.
    #[must_use]
    pub fn apply(self, news: &AccountNews) -> (Self, Heard) {
        let mut after = self.clone();
        let doubtful = match news {
            AccountNews::Gone => {
                after.gone = true;
                false
            }
            AccountNews::Told { at, facts } => {
                after.was_ready |= facts.all_works();
                let newer = self
                    .at
                    .is_none_or(|known| (known, &self.facts) < (*at, facts));
                if newer {
                    after.at = Some(*at);
                    after.facts = facts.clone();
                }
                let close = self.at.is_some_and(|known| {
                    *at == known || (*at < known && shift(*at, CLOCKS_DIFFER) >= known)
                });
                close && *facts != self.facts
            }
        };
        let heard = if doubtful {
            Heard::Doubtful
        } else if after == self {
            Heard::Nothing
        } else {
            Heard::Changed
        };
        (after, heard)
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        let facts = &self.facts;
        if self.gone {
            Standing::Disconnected
        } else if facts.rejected() {
            Standing::Rejected
        } else if facts.all_works() {
            Standing::Ready
        } else if self.was_ready {
            Standing::Restricted
        } else if !facts.submitted || (!facts.checking && !facts.asked.is_empty()) {
            Standing::DetailsMissing
        } else {
            Standing::BeingChecked
        }
    }

    /// Whether buyers' money may go to it: also where the provider keeps it there for the time being.
    pub fn takes_money(&self) -> bool {
        !self.gone && !self.facts.rejected() && self.facts.charges && self.facts.transfers
    }

    /// Whether a payout of the platform's may be sent to it.
    pub fn takes_transfers(&self) -> bool {
        !self.gone && !self.facts.rejected() && self.facts.transfers
    }
}

/// Whether the organizer's people have to be told that it has changed: it does less than it did, or will soon.
pub fn is_trouble(before: &Connected, after: &Connected) -> bool {
    let (was, is) = (before.standing(), after.standing());
    let worse = match is {
        Standing::Restricted | Standing::Rejected | Standing::Disconnected => was != is,
        Standing::NotBegun
        | Standing::DetailsMissing
        | Standing::BeingChecked
        | Standing::Ready => false,
    };
    let will_be = is == Standing::Ready
        && after.facts.deadline.is_some()
        && after.facts.deadline != before.facts.deadline;
    worse || will_be
}
