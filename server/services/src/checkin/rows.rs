//! What the tables of the door hold, in types.

use domain::{
    catalog::EventState,
    checkin::{Admission, RosterEntry, Standing},
    door::{DoorEvent, Names, Used},
    ids::{EventId, OrganizationId, TicketId},
    tickets::TicketState,
    when::Timestamp,
};
use uuid::Uuid;

use super::device::window;
use crate::Unexpected;

/// What became of a scan, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Accepted,
    Conflict,
    LateRevoked,
    Refused,
    Undone,
}

impl Outcome {
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Conflict => "conflict",
            Self::LateRevoked => "late_revoked",
            Self::Refused => "refused",
            Self::Undone => "undone",
        }
    }

    pub fn parse(id: Uuid, code: &str) -> Result<Self, Unexpected> {
        [
            Self::Accepted,
            Self::Conflict,
            Self::LateRevoked,
            Self::Refused,
            Self::Undone,
        ]
        .into_iter()
        .find(|outcome| outcome.code() == code)
        .ok_or_else(|| Unexpected::bad_row("check_ins", id, code))
    }
}

pub(super) fn names(id: Uuid, code: &str) -> Result<Names, Unexpected> {
    Names::from_code(code).ok_or_else(|| Unexpected::bad_row("devices", id, code))
}

/// A pairing that was looked up by its token.
pub(super) struct PairingRow {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub event: EventId,
    pub gate: String,
    pub names: Names,
    pub works_until: Option<Timestamp>,
    pub expires_at: Timestamp,
    pub used: bool,
}

/// A recorded scan, as far as its reporter is told.
pub(super) struct SettledRow {
    pub outcome: Outcome,
    /// The admission that counts instead.
    pub used: Option<Used>,
}

pub(super) struct EventRow {
    pub id: Uuid,
    pub title: String,
    pub venue_name: String,
    pub state: String,
    pub time_zone: String,
    pub starts_at: jiff_sqlx::Timestamp,
    pub ends_at: jiff_sqlx::Timestamp,
}

impl TryFrom<EventRow> for DoorEvent {
    type Error = Unexpected;

    fn try_from(row: EventRow) -> Result<Self, Unexpected> {
        let (starts_at, ends_at) = (row.starts_at.to_jiff(), row.ends_at.to_jiff());
        let state = EventState::from_code(&row.state)
            .ok_or_else(|| Unexpected::bad_row("events", row.id, &row.state))?;
        Ok(Self {
            id: EventId::new(row.id),
            title: row.title,
            venue: row.venue_name,
            state,
            time_zone: row.time_zone,
            starts_at,
            ends_at,
            window: window(starts_at, ends_at),
        })
    }
}

pub(super) struct EntryRow {
    pub id: Uuid,
    pub number: i16,
    pub state: String,
    pub blocked: bool,
    pub holder_name: String,
    pub order_code: String,
    pub door_note: Option<String>,
    pub passed_on: bool,
}

impl EntryRow {
    /// The ticket as a device may know it.
    pub fn entry(self, names: Names, admitted: Vec<Admission>) -> Result<RosterEntry, Unexpected> {
        let bad = |what: &str| Unexpected::bad_row("tickets", self.id, what);
        let state = TicketState::from_code(&self.state).ok_or_else(|| bad(&self.state))?;
        Ok(RosterEntry {
            ticket: TicketId::new(self.id),
            type_number: u16::try_from(self.number).map_err(|_| bad("type number"))?,
            state: Standing::of(state, self.blocked),
            // Whoever was given a ticket is not of the order it came from, and its note is about somebody else.
            order_code: match self.passed_on {
                true => None,
                false => Some(self.order_code.parse().map_err(|_| bad("order code"))?),
            },
            name: names.show(&self.holder_name),
            note: self.door_note.filter(|_| !self.passed_on),
            admitted,
        })
    }
}

pub(super) fn count(number: Option<i64>) -> u32 {
    u32::try_from(number.unwrap_or(0)).unwrap_or(u32::MAX)
}
