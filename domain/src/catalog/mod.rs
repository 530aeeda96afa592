//! Events: what they are, which way they may go, what their tickets' sale looks like and what they still lack.

mod checklist;
mod phase;
mod sale;
mod state;

pub use checklist::{EventFacts, Missing, checklist};
pub use phase::{Phase, phase};
pub use sale::{SaleFacts, SaleStatus, few_left_threshold};
pub use state::{EventState, EventTransitionError};

use crate::codes::coded_enum;

coded_enum! {
    /// Who finds an event.
    pub enum Visibility {
        /// Listed, searched and in the sitemap.
        Public = "public",
        /// Only by its address.
        Unlisted = "unlisted",
    }
}

coded_enum! {
    /// How people take part.
    pub enum Attendance {
        /// At a venue.
        InPerson = "in_person",
        /// By a link.
        Online = "online",
    }
}

coded_enum! {
    /// What kind of event it is.
    pub enum Category {
        /// Music on a stage.
        Concert = "concert",
        /// Talks over one or more days.
        Conference = "conference",
        /// Plays, opera, dance, comedy.
        Theatre = "theatre",
        /// Something to learn.
        Course = "course",
        /// An informal gathering.
        Meetup = "meetup",
        /// Many acts, often many days.
        Festival = "festival",
        /// Things to look at.
        Exhibition = "exhibition",
        /// Matches and races.
        Sport = "sport",
        /// Cinema.
        Film = "film",
        /// Eating and drinking.
        Food = "food",
        /// Dancing.
        Party = "party",
        /// For children and those with them.
        Family = "family",
    }
}
