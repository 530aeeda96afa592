//! Money on its way to organizers: to which account, in which steps, when, and how much is kept back.

mod account;
mod schedule;
mod state;

pub use account::{AccountNumber, BankAccount};
pub use schedule::{Reserve, Schedule};
pub use state::{PayoutState, PayoutTransitionError};
