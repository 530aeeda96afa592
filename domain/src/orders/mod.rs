//! Orders: their states, what the buyer tells us, and what a buyer gets back.

mod approval;
mod details;
mod ending;
mod exchange;
mod happened;
mod passing;
mod policy;
mod request;
mod state;

pub use approval::{ApprovalState, needs_second_person};
pub use details::{Attendee, AttendeeInput, DetailsInput, NAME_MAX, OrderDetails};
pub use ending::{AfterMove, EndFacts, Ending, NothingBack, RefundAllFacts, RunCause, RunOutcome};
pub use exchange::{ChangeTerms, ExchangeMoney, ExchangeRules, borne_by_each, spread};
pub use happened::Happened;
pub use passing::{Passing, PassingPolicy, PassingRefusal};
pub use policy::{
    PaidFor, RefundPolicy, RefundPolicyError, RefundSchedule, RefundStep, RefundTier,
};
pub use request::{
    Asking, Decision, HOURS_MOST, HOURS_USUAL, HOURS_WITH_HOLD, RequestPolicy, decide_until,
    pay_until,
};
pub use state::{OrderState, OrderTransitionError};
