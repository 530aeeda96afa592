//! A second proof beside the password: codes of an authenticator (RFC 6238, six digits, 30 seconds, one step of clock
//! drift), and recovery codes for when it is lost. Each code is good once.

mod codes;
mod enroll;
mod lost;
mod prove;
pub(super) mod recovery;
mod show;

use domain::text::FieldErrors;

pub(crate) use codes::reseal_authenticators;
pub(super) use codes::{Taken, take};
pub(crate) use enroll::give_authenticator;
pub use enroll::{
    NewAuthenticator, begin_authenticator, confirm_authenticator, renew_recovery_codes,
    turn_off_authenticator,
};
pub(crate) use lost::take_second_factor_away;
pub use lost::take_second_factor_away_of;
pub use prove::{Proof, prove_again};
pub use show::{SecondFactor, second_factor};

use crate::{
    Unexpected,
    permit::Refused,
    throttle::{self, Limit},
};

/// So long a secret waits for its first code: as long as the proof counts that it was made with.
const WAITS: jiff::SignedDuration = jiff::SignedDuration::from_mins(15);

/// Guesses of codes by one person, over all ways to try them.
const GUESSES: Limit = Limit {
    what: "second_factor",
    tries: 10,
    span: jiff::SignedDuration::from_mins(15),
};

/// Why something about the second factor could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    #[error(transparent)]
    Fields(#[from] FieldErrors),
    #[error("tried too often")]
    TooMany { retry_after: u32 },
    /// Nothing was begun, or it is on already.
    #[error("not in this state")]
    NotNow,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<throttle::TooMany> for SecondFactorError {
    fn from(many: throttle::TooMany) -> Self {
        Self::TooMany {
            retry_after: many.retry_after,
        }
    }
}
