//! The states an organizer moves an event through.

use serde::{Deserialize, Serialize};

use crate::codes::coded_enum;

coded_enum! {
    /// What the organizer has decided about an event; whether it is running follows from the clock.
    pub enum EventState {
        /// Being prepared, visible to its team only.
        Draft = "draft",
        /// Visible and, within the sales windows, on sale.
        Published = "published",
        /// Will take place at a time not yet known; nothing is sold, tickets stay valid.
        Postponed = "postponed",
        /// Will not take place.
        Cancelled = "cancelled",
    }
}

/// Why an event cannot change its state that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventTransitionError {
    /// It is published already.
    #[error("the event is published already")]
    AlreadyPublished,
    /// It was never published.
    #[error("the event is not published")]
    NotPublished,
    /// It is postponed: it needs a new date first.
    #[error("the event is postponed")]
    Postponed,
    /// It is cancelled, which is final.
    #[error("the event is cancelled")]
    Cancelled,
}

impl EventTransitionError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyPublished => "event_already_published",
            Self::NotPublished => "event_not_published",
            Self::Postponed => "event_postponed",
            Self::Cancelled => "event_cancelled",
        }
    }
}

impl EventState {
    /// Shows a draft to the world.
    pub fn publish(self) -> Result<Self, EventTransitionError> {
        match self {
            Self::Draft => Ok(Self::Published),
            Self::Published => Err(EventTransitionError::AlreadyPublished),
            Self::Postponed => Err(EventTransitionError::Postponed),
            Self::Cancelled => Err(EventTransitionError::Cancelled),
        }
    }

    /// Takes the date away until there is a new one.
    pub fn postpone(self) -> Result<Self, EventTransitionError> {
        match self {
            Self::Draft => Err(EventTransitionError::NotPublished),
            Self::Published => Ok(Self::Postponed),
            Self::Postponed => Err(EventTransitionError::Postponed),
            Self::Cancelled => Err(EventTransitionError::Cancelled),
        }
    }

    /// Gives a published or postponed event a new date.
    pub fn reschedule(self) -> Result<Self, EventTransitionError> {
        match self {
            Self::Draft => Err(EventTransitionError::NotPublished),
            Self::Published | Self::Postponed => Ok(Self::Published),
            Self::Cancelled => Err(EventTransitionError::Cancelled),
        }
    }

    /// Calls the event off. A draft is deleted instead: nobody has to be told.
    pub fn cancel(self) -> Result<Self, EventTransitionError> {
        match self {
            Self::Draft => Err(EventTransitionError::NotPublished),
            Self::Published | Self::Postponed => Ok(Self::Cancelled),
            Self::Cancelled => Err(EventTransitionError::Cancelled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EventState::*, EventTransitionError as E, *};

    #[test]
    fn transitions() {
        let table = [
            (
                Draft,
                Ok(Published),
                Err(E::NotPublished),
                Err(E::NotPublished),
                Err(E::NotPublished),
            ),
            (
                Published,
                Err(E::AlreadyPublished),
                Ok(Postponed),
                Ok(Published),
                Ok(Cancelled),
            ),
            (
                Postponed,
                Err(E::Postponed),
                Err(E::Postponed),
                Ok(Published),
                Ok(Cancelled),
            ),
            (
                Cancelled,
                Err(E::Cancelled),
                Err(E::Cancelled),
                Err(E::Cancelled),
                Err(E::Cancelled),
            ),
        ];
        for (state, publish, postpone, reschedule, cancel) in table {
            assert_eq!(state.publish(), publish, "publish {state}");
            assert_eq!(state.postpone(), postpone, "postpone {state}");
            assert_eq!(state.reschedule(), reschedule, "reschedule {state}");
            assert_eq!(state.cancel(), cancel, "cancel {state}");
        }
    }

    #[test]
    fn names_are_the_same_everywhere() {
        for state in EventState::all() {
            assert_eq!(state.code().parse(), Ok(*state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.code());
        }
        assert_eq!(
            "gone".parse::<EventState>(),
            Err(crate::text::Fault::UnknownChoice)
        );
    }
}
