//! The steps of a payout.

use serde::{Deserialize, Serialize};

use crate::codes::coded_enum;

coded_enum! {
    /// Where a payout stands.
    pub enum PayoutState {
        /// Asked for; the platform has to send it.
        Requested = "requested",
        /// On its way to the bank account.
        Sent = "sent",
        /// It will not be sent; the money is owed to the organizer again.
        CalledOff = "called_off",
        /// It was sent, and the bank gave it back; the money is owed to the organizer again.
        Returned = "returned",
    }
}

/// Why a payout cannot change that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("the payout is {}", .is.code())]
pub struct PayoutTransitionError {
    /// What it is.
    pub is: PayoutState,
}

impl PayoutState {
    /// The money left.
    pub fn send(self) -> Result<Self, PayoutTransitionError> {
        match self {
            Self::Requested => Ok(Self::Sent),
            is @ (Self::Sent | Self::CalledOff | Self::Returned) => {
                Err(PayoutTransitionError { is })
            }
        }
    }

    /// The money that had left is here again.
    pub fn come_back(self) -> Result<Self, PayoutTransitionError> {
        match self {
            Self::Sent => Ok(Self::Returned),
            is @ (Self::Requested | Self::CalledOff | Self::Returned) => {
                Err(PayoutTransitionError { is })
            }
        }
    }

    /// The money stays.
    pub fn call_off(self) -> Result<Self, PayoutTransitionError> {
        match self {
            Self::Requested => Ok(Self::CalledOff),
            is @ (Self::Sent | Self::CalledOff | Self::Returned) => {
                Err(PayoutTransitionError { is })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_leaves_once() {
        assert_eq!(PayoutState::Requested.send(), Ok(PayoutState::Sent));
        for ended in [
            PayoutState::Sent,
            PayoutState::CalledOff,
            PayoutState::Returned,
        ] {
            let error = Err(PayoutTransitionError { is: ended });
            assert_eq!((ended.send(), ended.call_off()), (error, error));
        }
    }

    #[test]
    fn only_what_left_comes_back_and_once() {
        assert_eq!(PayoutState::Sent.come_back(), Ok(PayoutState::Returned));
        for is in [
            PayoutState::Requested,
            PayoutState::CalledOff,
            PayoutState::Returned,
        ] {
            assert_eq!(is.come_back(), Err(PayoutTransitionError { is }));
        }
    }
}
