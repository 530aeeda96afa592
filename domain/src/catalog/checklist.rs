//! What an event still lacks before it can be shown.

use super::Attendance;
use crate::{
    codes::coded_enum,
    when::{Timestamp, ValidityWindow},
};

coded_enum! {
    /// One thing an event lacks.
    pub enum Missing {
        /// A title.
        Title = "title",
        /// A start and an end that lie ahead.
        When = "when",
        /// A venue, or the link of an online event.
        Place = "place",
        /// A ticket type with something to sell.
        Tickets = "tickets",
        /// Words about what will happen.
        Description = "description",
        /// A picture. Advice only.
        Image = "image",
        /// Proof that the organization can be reached.
        VerifiedOrganization = "verified_organization",
    }
}

impl Missing {
    /// Whether the event cannot be published without it.
    pub fn blocks_publishing(self) -> bool {
        match self {
            Self::Image => false,
            Self::Title
            | Self::When
            | Self::Place
            | Self::Tickets
            | Self::Description
            | Self::VerifiedOrganization => true,
        }
    }
}

/// What the checklist looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventFacts<'a> {
    /// The title as it stands.
    pub title: &'a str,
    /// Start and end, when both are known.
    pub when: Option<ValidityWindow>,
    /// How people take part.
    pub attendance: Attendance,
    /// Whether a venue is given.
    pub has_venue: bool,
    /// Whether a link for an online event is given.
    pub has_online_link: bool,
    /// How many tickets can be sold over all types.
    pub tickets_for_sale: u32,
    /// The description as it stands.
    pub description: &'a str,
    /// Whether there is a picture.
    pub has_image: bool,
    /// Whether the organization is verified.
    pub organization_verified: bool,
    /// The current instant.
    pub now: Timestamp,
}

/// What is missing, in the order in which an organizer would fill it in.
pub fn checklist(facts: &EventFacts<'_>) -> Vec<Missing> {
    let has_place = match facts.attendance {
        Attendance::InPerson => facts.has_venue,
        Attendance::Online => facts.has_online_link,
    };
    [
        (Missing::Title, !facts.title.trim().is_empty()),
        (
            Missing::When,
            facts.when.is_some_and(|when| when.until > facts.now),
        ),
        (Missing::Place, has_place),
        (Missing::Tickets, facts.tickets_for_sale > 0),
        (Missing::Description, !facts.description.trim().is_empty()),
        (Missing::Image, facts.has_image),
        (Missing::VerifiedOrganization, facts.organization_verified),
    ]
    .into_iter()
    .filter_map(|(thing, there)| (!there).then_some(thing))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> EventFacts<'static> {
        let at = |second| Timestamp::from_second(second).unwrap();
        EventFacts {
            title: "Jazz",
            when: Some(ValidityWindow {
                from: at(10),
                until: at(20),
            }),
            attendance: Attendance::InPerson,
            has_venue: true,
            has_online_link: false,
            tickets_for_sale: 1,
            description: "Music",
            has_image: true,
            organization_verified: true,
            now: at(5),
        }
    }

    #[test]
    fn a_complete_event_lacks_nothing() {
        assert_eq!(checklist(&ready()), []);
    }

    #[test]
    fn an_empty_event_lacks_everything() {
        let empty = EventFacts {
            title: " ",
            when: None,
            attendance: Attendance::Online,
            tickets_for_sale: 0,
            description: "",
            has_image: false,
            organization_verified: false,
            ..ready()
        };
        assert_eq!(checklist(&empty), Missing::all());
    }

    #[test]
    fn only_the_picture_is_advice() {
        let advice: Vec<_> = Missing::all()
            .iter()
            .filter(|missing| !missing.blocks_publishing())
            .collect();
        assert_eq!(advice, [&Missing::Image]);
    }

    #[test]
    fn a_date_in_the_past_is_no_date() {
        let over = EventFacts {
            now: Timestamp::from_second(20).unwrap(),
            ..ready()
        };
        assert_eq!(checklist(&over), [Missing::When]);
    }
}
