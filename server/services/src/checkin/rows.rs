//! What the tables of the door hold, in types.

use domain::{
    catalog::EventState,
    checkin::{Admission, RosterEntry},
    door::{DoorEvent, Used},
    ids::{DeviceId, EventId, OrganizationId, TicketId},
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

/// A pairing that was looked up by its token.
pub(super) struct PairingRow {
    pub id: Uuid,
    pub organization: OrganizationId,
    pub event: EventId,
    pub gate: String,
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
    pub holder_name: String,
    pub order_code: String,
    pub at: Option<jiff_sqlx::Timestamp>,
    pub gate: Option<String>,
    pub device: Option<Uuid>,
}

impl TryFrom<EntryRow> for RosterEntry {
    type Error = Unexpected;

    fn try_from(row: EntryRow) -> Result<Self, Unexpected> {
        let bad = |what: &str| Unexpected::bad_row("tickets", row.id, what);
        let admitted = match (row.at, row.device) {
            (Some(at), Some(device)) => vec![Admission {
                at: at.to_jiff(),
                gate: row.gate.clone().filter(|gate| !gate.is_empty()),
                device: DeviceId::new(device),
            }],
            _ => Vec::new(),
        };
        Ok(Self {
            ticket: TicketId::new(row.id),
            type_number: u16::try_from(row.number).map_err(|_| bad("type number"))?,
            state: TicketState::from_code(&row.state).ok_or_else(|| bad(&row.state))?,
            order_code: Some(row.order_code.parse().map_err(|_| bad("order code"))?),
            name: Some(row.holder_name),
            admissions_allowed: 1,
            admitted,
        })
    }
}

pub(super) fn count(number: Option<i64>) -> u32 {
    u32::try_from(number.unwrap_or(0)).unwrap_or(u32::MAX)
}
