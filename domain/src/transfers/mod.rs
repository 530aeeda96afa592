//! Paying by bank transfer: the reference a buyer writes, the time there is for it, what a bank statement says, and which
//! order a credit pays. Not for: reading files of banks, which needs more than this crate may know.

mod account;
mod amount;
mod due;
mod epc;
mod judge;
mod reference;
mod statement;

pub use account::{AccountInput, MAX_DAYS, TransferAccount};
pub use amount::parse_signed;
pub use due::{pay_until, remind_at};
pub use epc::epc_payload;
pub use judge::{Reason, Waiting, judge};
pub use reference::Reference;
pub use statement::{Line, Statement, StatementError, keys};

/// The name under which payments by transfer are kept, beside those of payment providers.
pub const PROVIDER: &str = "transfer";
