//! What a scanner and the server tell each other. Both sides compile this file, so they cannot drift apart.

mod names;
mod pace;
mod pin;

use serde::{Deserialize, Serialize};

pub use names::Names;
pub use pace::Pace;
pub use pin::Pin;

use crate::{
    catalog::EventState,
    checkin::{Context, Place, RosterEntry, ScanKind, Way},
    ids::{CheckInId, CheckInListId, DeviceId, EventId, TicketId},
    tickets::KeyRing,
    when::{Timestamp, ValidityWindow},
};

/// How many scans one upload may hold.
pub const BATCH: usize = 100;

/// A scanner asks to be paired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PairRequest {
    /// From the link or the code on the organizer's door page; works once.
    pub token: String,
    /// What staff calls this device.
    pub device_name: String,
}

/// A scanner is paired.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Paired {
    /// What the scanner shows from now on.
    pub token: String,
    /// Where it stands.
    pub door: Door,
}

/// What a scanner knows of its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Door {
    pub device: DeviceId,
    pub device_name: String,
    /// The gate, its lists and what was opened there.
    #[serde(default)]
    pub place: Place,
    /// Gates to choose from on the device; none when pairing settled it.
    #[serde(default)]
    pub gates: Vec<String>,
    /// How much of a guest's name this device may know.
    #[serde(default)]
    pub names: Names,
    /// What a supervisor types to let somebody in all the same; nothing means nobody can.
    #[serde(default)]
    pub pin: Option<Pin>,
    /// The latest word from whoever runs the doors.
    #[serde(default)]
    pub message: Option<DoorMessage>,
    pub event: DoorEvent,
    /// Until when the scanner may admit without hearing from the server.
    pub lease_until: Timestamp,
    /// The server's clock when it answered; a device's own clock may be wrong.
    pub server_now: Timestamp,
}

/// The event at whose door a scanner stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DoorEvent {
    pub id: EventId,
    pub title: String,
    pub venue: String,
    pub state: EventState,
    /// IANA name; times at the door are the event's.
    pub time_zone: String,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub window: ValidityWindow,
}

impl Door {
    /// What the rule needs to know of the door at an instant.
    pub fn context(&self, way: Way, now: Timestamp) -> Context<'_> {
        let event_cancelled = match self.event.state {
            EventState::Cancelled => true,
            EventState::Draft | EventState::Published | EventState::Postponed => false,
        };
        Context {
            event_tag: self.event.id.into(),
            event_cancelled,
            now,
            window: self.event.window,
            place: &self.place,
            way,
        }
    }
}

/// A word to all scanners of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DoorMessage {
    pub text: String,
    pub sent_at: Timestamp,
}

/// A kind of ticket, by the number that codes carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DoorType {
    pub number: u16,
    pub name: String,
}

/// How full the house is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Counters {
    /// Tickets that admit.
    pub sold: u32,
    /// Of these, people who came in.
    pub inside: u32,
}

/// A part of the list of tickets: everything, page by page, or what changed since the cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RosterPage {
    pub door: Door,
    pub keys: KeyRing,
    pub types: Vec<DoorType>,
    pub counters: Counters,
    pub entries: Vec<RosterEntry>,
    /// To be shown next time.
    pub cursor: String,
    /// More of this round is waiting.
    pub more: bool,
}

/// A page of the list without its entries. Bilten's own scanner gets them behind it in few bytes
/// ([`crate::checkin::pack_behind`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterHead {
    pub door: Door,
    pub keys: KeyRing,
    pub types: Vec<DoorType>,
    pub counters: Counters,
    pub cursor: String,
    pub more: bool,
}

impl RosterPage {
    /// The page in its two parts.
    pub fn split(self) -> (RosterHead, Vec<RosterEntry>) {
        let head = RosterHead {
            door: self.door,
            keys: self.keys,
            types: self.types,
            counters: self.counters,
            cursor: self.cursor,
            more: self.more,
        };
        (head, self.entries)
    }
}

impl RosterHead {
    /// The whole page again.
    pub fn with(self, entries: Vec<RosterEntry>) -> RosterPage {
        RosterPage {
            door: self.door,
            keys: self.keys,
            types: self.types,
            counters: self.counters,
            entries,
            cursor: self.cursor,
            more: self.more,
        }
    }
}

/// What Bilten's own scanner asks the list for: a [`RosterHead`] in JSON and the entries packed behind it. Another form has
/// another number here; a server that does not know the one it is asked for answers in JSON, which every build reads.
pub const PACKED: &str = "application/vnd.bilten.roster.v1";

/// One line of a scanner's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScanReport {
    /// Made by the device; sending it again changes nothing.
    pub id: CheckInId,
    /// Which ticket; nothing when what was scanned was none.
    pub ticket: Option<TicketId>,
    /// The list it counts on; nothing where the event has none.
    #[serde(default)]
    pub list: Option<CheckInListId>,
    /// The gate, where it was chosen on the device.
    #[serde(default)]
    pub gate: Option<String>,
    /// Why a supervisor let somebody in, or took something back; their words.
    #[serde(default)]
    pub reason: Option<String>,
    pub kind: ReportKind,
    /// Code of the verdict that was shown.
    pub verdict: String,
    /// When it was scanned, never when it was sent.
    pub at: Timestamp,
    /// Counts up on the device.
    pub counter: u64,
}

/// What happened at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ReportKind {
    /// Somebody was let in.
    Admit,
    /// A supervisor let somebody in against the rule.
    Force,
    /// Somebody left.
    Exit,
    /// Somebody was not let in.
    Refuse,
    /// An entry or an exit did not happen after all.
    Undo { of: CheckInId },
}

impl ReportKind {
    /// The kind of line for the merge; refusals do not take part in it.
    pub fn scan(self) -> Option<ScanKind> {
        match self {
            Self::Admit => Some(ScanKind::Admit),
            Self::Force => Some(ScanKind::Force),
            Self::Exit => Some(ScanKind::Exit),
            Self::Undo { of } => Some(ScanKind::Undo { of }),
            Self::Refuse => None,
        }
    }
}

/// How a device is doing, told each time it asks for news.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Percent.
    #[serde(default)]
    pub battery: Option<u8>,
    /// Which build of the scanner it runs.
    #[serde(default)]
    pub version: Option<String>,
    /// Scans that wait on the device.
    #[serde(default)]
    pub pending: Option<u32>,
}

/// Some lines of the log, oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScanBatch {
    pub scans: Vec<ScanReport>,
    /// How many more wait on the device.
    pub pending: u32,
}

/// What became of the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScanAnswers {
    pub answers: Vec<ScanAnswer>,
    pub counters: Counters,
    pub lease_until: Timestamp,
    pub server_now: Timestamp,
}

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ScanAnswer {
    pub id: CheckInId,
    pub answer: Answer,
    /// For a duplicate: what the line became when it first arrived. Otherwise the same as `answer`.
    pub settled: Answer,
    /// For a conflict: when and where the ticket was used.
    pub used: Option<Used>,
    /// For a refusal: why, as a stable code.
    pub reason: Option<String>,
}

/// A use of a ticket at another door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Used {
    pub at: Timestamp,
    pub gate: Option<String>,
    pub device_name: String,
}

crate::codes::coded_enum! {
    /// The fate of a line.
    pub enum Answer {
        /// Taken over as it is.
        Accepted = "accepted",
        /// It had arrived before.
        Duplicate = "duplicate",
        /// Another door let the same ticket in earlier.
        Conflict = "conflict",
        /// The ticket did not stand any more.
        LateRevoked = "late_revoked",
        /// It fits nothing here.
        Refused = "refused",
    }
}
