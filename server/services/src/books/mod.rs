//! The payment provider's own book: read line by line, its charges booked, and everything held against our books at night.
//! What does not agree is a case that stays until it is gone or somebody has said why.

mod bookings;
mod cases;
mod clearing;
mod compare;
mod differences;
mod explain;
mod read;
mod side;
mod turn;

pub use bookings::book_due;
pub use cases::{Case, Cases, case, cases};
pub use compare::compare;
pub use explain::{ExplainCase, ExplainCaseError, explain};
pub use read::{HowFar, Read, read};
pub use side::Side;
pub use turn::{Comparison, Standing, ask, standing, turn};

use crate::{Unexpected, ports::PortError};

/// Why the provider's book cannot be read or held against ours right now.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The provider does not answer, or not as expected.
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Unexpected(#[from] Unexpected),
}

impl From<sqlx::Error> for BookError {
    fn from(e: sqlx::Error) -> Self {
        Self::Unexpected(e.into())
    }
}
