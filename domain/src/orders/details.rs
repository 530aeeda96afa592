//! What the buyer tells us: who pays and who comes.

use serde::{Deserialize, Serialize};

use crate::text::{Email, Fault, FieldErrors, line};

/// No name is longer.
pub const NAME_MAX: usize = 120;

/// The form as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailsInput {
    /// The buyer's name.
    #[serde(default)]
    pub name: String,
    /// The buyer's address.
    #[serde(default)]
    pub email: String,
    /// Every ticket is in the buyer's name.
    #[serde(default)]
    pub same_for_all: bool,
    /// One per ticket, in the order of the tickets.
    #[serde(default)]
    pub attendees: Vec<AttendeeInput>,
}

/// One row of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendeeInput {
    /// The name on the ticket.
    #[serde(default)]
    pub name: String,
    /// Where to send the ticket; may be empty.
    #[serde(default)]
    pub email: String,
}

/// Checked details.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderDetails {
    /// The buyer's name.
    pub buyer_name: String,
    /// The buyer's address.
    pub email: Email,
    /// Exactly one per ticket.
    pub attendees: Vec<Attendee>,
}

/// Who comes with one ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendee {
    /// The name on the ticket.
    pub name: String,
    /// Where to send the ticket, when not only to the buyer.
    pub email: Option<Email>,
}

impl OrderDetails {
    /// Checks the form for an order of that many tickets. Fields are named `name`, `email`, `attendees.0.name`, …
    pub fn parse(input: &DetailsInput, tickets: usize) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::new();
        let buyer_name = errors.field("name", line(&input.name, 1, NAME_MAX));
        let email = errors.field("email", Email::parse(&input.email));
        let attendees = if input.same_for_all {
            let name = buyer_name.clone().unwrap_or_default();
            vec![Attendee { name, email: None }; tickets]
        } else {
            attendees(&input.attendees, tickets, &mut errors)
        };
        errors.finish()?;
        match (buyer_name, email) {
            (Some(buyer_name), Some(email)) => Ok(Self {
                buyer_name,
                email,
                attendees,
            }),
            // Without faults both are there; saying "required" is the honest fallback.
            (None, _) => Err(FieldErrors::one("name", Fault::Required)),
            (_, None) => Err(FieldErrors::one("email", Fault::Required)),
        }
    }
}

fn attendees(rows: &[AttendeeInput], tickets: usize, errors: &mut FieldErrors) -> Vec<Attendee> {
    // More names than tickets means that the order changed under the form.
    if rows.len() > tickets {
        errors.add("attendees", Fault::Mismatch);
        return Vec::new();
    }
    let none = AttendeeInput::default();
    let rows = rows.iter().chain(std::iter::repeat(&none)).take(tickets);
    let mut attendees = Vec::with_capacity(tickets);
    for (number, row) in rows.enumerate() {
        let name = errors.field(
            &format!("attendees.{number}.name"),
            line(&row.name, 1, NAME_MAX),
        );
        let email = match row.email.trim() {
            "" => None,
            text => errors.field(&format!("attendees.{number}.email"), Email::parse(text)),
        };
        attendees.extend(name.map(|name| Attendee { name, email }));
    }
    attendees
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, email: &str) -> AttendeeInput {
        AttendeeInput {
            name: name.into(),
            email: email.into(),
        }
    }

    fn input() -> DetailsInput {
        DetailsInput {
            name: "Ada".into(),
            email: "ada@example.org".into(),
            same_for_all: false,
            attendees: vec![],
        }
    }

    #[test]
    fn one_name_per_ticket() {
        let input = DetailsInput {
            attendees: vec![row(" Ada  L ", ""), row("Bob", "bob@example.org")],
            ..input()
        };
        let details = OrderDetails::parse(&input, 2).unwrap();
        assert_eq!(
            details.attendees[0],
            Attendee {
                name: "Ada L".into(),
                email: None
            }
        );
        assert_eq!(
            details.attendees[1].email,
            Email::parse("bob@example.org").ok()
        );
    }

    #[test]
    fn the_buyer_may_come_with_every_ticket() {
        let details = OrderDetails::parse(
            &DetailsInput {
                same_for_all: true,
                ..input()
            },
            3,
        )
        .unwrap();
        assert_eq!(details.attendees.len(), 3);
        assert!(
            details
                .attendees
                .iter()
                .all(|attendee| attendee.name == "Ada")
        );
    }

    #[test]
    fn every_fault_is_named() {
        let input = DetailsInput {
            name: "<script>".into(),
            email: "nobody".into(),
            attendees: vec![row("", "x"), row("a\u{202E}", "")],
            ..input()
        };
        let errors = OrderDetails::parse(&input, 3).unwrap_err();
        let found: Vec<_> = errors
            .entries()
            .iter()
            .map(|e| (e.field.as_str(), e.code.as_str()))
            .collect();
        let expected = [
            ("name", "markup"),
            ("email", "not_an_email"),
            ("attendees.0.name", "required"),
            ("attendees.0.email", "not_an_email"),
            ("attendees.1.name", "bidi_override"),
            ("attendees.2.name", "required"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn more_names_than_tickets_are_refused() {
        let input = DetailsInput {
            attendees: vec![row("a", ""), row("b", "")],
            ..input()
        };
        let errors = OrderDetails::parse(&input, 1).unwrap_err();
        assert_eq!(
            errors.first("attendees").map(|error| error.code.as_str()),
            Some("mismatch")
        );
    }
}
