//! What a ticket code says.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::code::BODY;
use crate::{
    ids::{EventId, TicketId},
    text::Fault,
    when::{Minute, Timestamp},
};

/// Enough of an event's id to tell a ticket of another event. Which ticket it is says the whole ticket id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EventTag([u8; 8]);

impl EventTag {
    /// The tag of an event.
    pub fn of(event: EventId) -> Self {
        let [_, _, _, _, _, _, _, _, tag @ ..] = event.get().into_bytes();
        Self(tag)
    }

    /// The bytes as they stand in a code.
    pub const fn bytes(self) -> [u8; 8] {
        self.0
    }
}

impl From<EventId> for EventTag {
    fn from(event: EventId) -> Self {
        Self::of(event)
    }
}

impl fmt::Display for EventTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl fmt::Debug for EventTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventTag({self})")
    }
}

impl FromStr for EventTag {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| hex);
        number
            .map(|number| Self(number.to_be_bytes()))
            .ok_or(Fault::UnknownChoice)
    }
}

impl TryFrom<String> for EventTag {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        text.parse()
    }
}

impl From<EventTag> for String {
    fn from(tag: EventTag) -> String {
        tag.to_string()
    }
}

/// What a ticket code says; trustworthy only after its signature was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Claims {
    /// Which key of the organization signed it.
    pub key_id: u32,
    /// The ticket.
    pub ticket: TicketId,
    /// The event.
    pub event_tag: EventTag,
    /// The ticket type's number within the event.
    pub type_number: u16,
    /// The first minute in which it admits.
    pub valid_from: Minute,
    /// The first minute in which it does not admit any more.
    pub valid_until: Minute,
    /// Reserved: 0, ignored when read.
    pub flags: u8,
}

impl Claims {
    /// The claims of a ticket that admits between two instants.
    pub fn new(
        key_id: u32,
        ticket: TicketId,
        event: EventId,
        type_number: u16,
        (from, until): (Timestamp, Timestamp),
    ) -> Self {
        Self {
            key_id,
            ticket,
            event_tag: EventTag::of(event),
            type_number,
            valid_from: Minute::floor(from),
            valid_until: Minute::ceil(until),
            flags: 0,
        }
    }

    pub(super) fn to_bytes(self) -> [u8; BODY] {
        let mut bytes = [0; BODY];
        let ticket = self.ticket.get();
        let parts: [&[u8]; 8] = [
            &[super::code::VERSION],
            &self.key_id.to_be_bytes(),
            ticket.as_bytes(),
            &self.event_tag.0,
            &self.type_number.to_be_bytes(),
            &self.valid_from.0.to_be_bytes(),
            &self.valid_until.0.to_be_bytes(),
            &[self.flags],
        ];
        for (place, byte) in bytes.iter_mut().zip(parts.into_iter().flatten()) {
            *place = *byte;
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; BODY]) -> Self {
        let mut rest = bytes.iter().copied().skip(1);
        Self {
            key_id: u32::from_be_bytes(take(&mut rest)),
            ticket: TicketId::new(Uuid::from_bytes(take(&mut rest))),
            event_tag: EventTag(take(&mut rest)),
            type_number: u16::from_be_bytes(take(&mut rest)),
            valid_from: Minute(u32::from_be_bytes(take(&mut rest))),
            valid_until: Minute(u32::from_be_bytes(take(&mut rest))),
            flags: u8::from_be_bytes(take(&mut rest)),
        }
    }
}

/// The next bytes. The lengths above add up to the body, so the source never runs dry.
fn take<const N: usize>(bytes: &mut impl Iterator<Item = u8>) -> [u8; N] {
    std::array::from_fn(|_| bytes.next().unwrap_or_default())
}
