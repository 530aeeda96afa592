//! Orders: their states, what the buyer tells us, and what a buyer gets back.

mod details;
mod ending;
mod happened;
mod refund;
mod state;

pub use details::{Attendee, AttendeeInput, DetailsInput, NAME_MAX, OrderDetails};
pub use ending::{AfterMove, EndFacts, Ending, NothingBack, RunCause, RunOutcome};
pub use happened::Happened;
pub use refund::{RefundPolicy, RefundPolicyError, RefundTier, refund_due};
pub use state::{OrderState, OrderTransitionError};
