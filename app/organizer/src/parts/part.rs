//! The parts of the editor, and who may change what is in them.

use domain::permissions::Right;
use locales::{Locale, organizer as t};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Basics,
    When,
    Place,
    Picture,
    Description,
    Tickets,
    Rules,
}

impl Part {
    pub const ALL: [Self; 7] = [
        Self::Basics,
        Self::When,
        Self::Place,
        Self::Picture,
        Self::Description,
        Self::Tickets,
        Self::Rules,
    ];

    /// The first that the viewer may change, if any.
    pub fn first(organization: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|part| app_api::may(organization, part.right()))
    }

    pub fn right(self) -> Right {
        match self {
            Self::Basics | Self::When | Self::Place | Self::Rules => Right::ManageEvents,
            Self::Picture | Self::Description => Right::EditPages,
            Self::Tickets => Right::ManageTickets,
        }
    }

    /// What follows the address of the event.
    pub fn path(self) -> &'static str {
        match self {
            Self::Basics => "/edit",
            Self::When => "/edit/when",
            Self::Place => "/edit/place",
            Self::Picture => "/edit/picture",
            Self::Description => "/edit/description",
            Self::Tickets => "/edit/tickets",
            Self::Rules => "/edit/rules",
        }
    }

    pub fn name(self, l: Locale) -> &'static str {
        match self {
            Self::Basics => t::part_basics(l),
            Self::When => t::part_when(l),
            Self::Place => t::part_place(l),
            Self::Picture => t::part_picture(l),
            Self::Description => t::part_description(l),
            Self::Tickets => t::part_tickets(l),
            Self::Rules => t::part_rules(l),
        }
    }
}
