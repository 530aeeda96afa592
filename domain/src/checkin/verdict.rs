//! What a scanner tells the person at the door.

use serde::{Deserialize, Serialize};

use crate::{codes::coded_enum, when::Timestamp};

coded_enum! {
    /// How a verdict looks, sounds and feels.
    pub enum Tone {
        /// Come in.
        Go = "go",
        /// Come in; there is something to know.
        GoNote = "go_note",
        /// Come in once somebody has looked at what the text says.
        Look = "look",
        /// Somebody left.
        Out = "out",
        /// Not like this: look closer.
        Wait = "wait",
        /// A genuine ticket, for another place or another time.
        Elsewhere = "elsewhere",
        /// No.
        Stop = "stop",
    }
}

coded_enum! {
    /// What was scanned when it was no ticket.
    pub enum UnknownKind {
        /// A web address.
        Url = "url",
        /// Some other text.
        Text = "text",
        /// Nothing at all.
        Empty = "empty",
        /// A ticket code that cannot be read.
        Damaged = "damaged",
        /// A ticket code of a newer kind than this scanner knows.
        NewerVersion = "newer_version",
        /// A ticket code of another organization, or of a key this scanner has not heard of.
        UnknownKey = "unknown_key",
    }
}

/// The answer to a scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Come in.
    Valid,
    /// Genuine, but not in the list of this device: just sold.
    ValidNewToDevice,
    /// Come in once somebody has looked: a student card, a wheelchair.
    Attention { texts: Vec<String> },
    /// Left; may come back where the list says so.
    Exited,
    /// Used as often as allowed, last at this time and place.
    AlreadyIn { at: Timestamp, gate: Option<String> },
    /// A genuine ticket of another event.
    WrongEvent,
    /// A ticket for other gates of this event; nobody knows which when there are none.
    WrongGate { gates: Vec<String> },
    /// No list of this event admits such tickets.
    NotAdmitted,
    /// The payment is disputed, or somebody stopped the ticket. Why is for supervisors.
    Blocked,
    /// The order was called off or refunded.
    Cancelled,
    /// A newer code has taken its place.
    Replaced,
    /// No ticket at all.
    Unknown { kind: UnknownKind },
    /// Looks like a ticket, but nobody here signed it.
    Forged,
    /// Admission begins later.
    TooEarly { opens: Timestamp },
    /// Admission is over.
    TooLate { closed: Timestamp },
    /// The event was called off.
    EventCancelled,
}

impl Verdict {
    /// Whether the person gets in.
    pub fn admits(&self) -> bool {
        match self.tone() {
            Tone::Go | Tone::GoNote | Tone::Look => true,
            Tone::Out | Tone::Wait | Tone::Elsewhere | Tone::Stop => false,
        }
    }

    /// Whether a supervisor may let the person in all the same: the ticket is genuine and stands.
    pub fn may_be_forced(&self) -> bool {
        match self {
            Self::AlreadyIn { .. }
            | Self::WrongGate { .. }
            | Self::NotAdmitted
            | Self::Blocked
            | Self::TooEarly { .. }
            | Self::TooLate { .. } => true,
            Self::Valid
            | Self::ValidNewToDevice
            | Self::Attention { .. }
            | Self::Exited
            | Self::WrongEvent
            | Self::Cancelled
            | Self::Replaced
            | Self::Unknown { .. }
            | Self::Forged
            | Self::EventCancelled => false,
        }
    }

    /// How it looks and sounds.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Valid => Tone::Go,
            Self::ValidNewToDevice => Tone::GoNote,
            Self::Attention { .. } => Tone::Look,
            Self::Exited => Tone::Out,
            Self::AlreadyIn { .. } => Tone::Wait,
            Self::WrongEvent
            | Self::WrongGate { .. }
            | Self::TooEarly { .. }
            | Self::TooLate { .. } => Tone::Elsewhere,
            Self::NotAdmitted
            | Self::Blocked
            | Self::Cancelled
            | Self::Replaced
            | Self::Unknown { .. }
            | Self::Forged
            | Self::EventCancelled => Tone::Stop,
        }
    }

    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ValidNewToDevice => "valid_new_to_device",
            Self::Attention { .. } => "attention",
            Self::Exited => "exited",
            Self::AlreadyIn { .. } => "already_in",
            Self::WrongGate { .. } => "wrong_gate",
            Self::NotAdmitted => "not_admitted",
            Self::Blocked => "blocked",
            Self::WrongEvent => "wrong_event",
            Self::Cancelled => "cancelled",
            Self::Replaced => "replaced",
            Self::Unknown { .. } => "unknown",
            Self::Forged => "forged",
            Self::TooEarly { .. } => "too_early",
            Self::TooLate { .. } => "too_late",
            Self::EventCancelled => "event_cancelled",
        }
    }
}
