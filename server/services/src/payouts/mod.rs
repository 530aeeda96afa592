//! Money on its way to organizers. A payout lists every booking since the one before it, so that its statement ties to
//! the ledger to the last minor unit. Who sends the money, and by which bank, is the platform's business.

mod account;
mod due;
mod end;
mod list;
mod request;
mod reserve;
mod schedule;
mod sheets;
mod statement;
mod transfer;

pub use account::{AccountView, SetAccountError, account, remove_account, set_account};
pub(crate) use account::{reseal_accounts, store as store_account};
pub use due::request_due;
pub use end::{EndPayout, EndPayoutError, call_off, came_back, send};
pub use list::{OpenPayout, PayoutRow, SentPayout, list, open, sent};
pub(crate) use request::request_in;
pub use request::{RequestPayout, RequestPayoutError, request};
pub(crate) use reserve::adjustment as reserve_adjustment;
pub use reserve::{SetReserveError, reserve, set_reserve};
pub use schedule::{next_day, schedule, set_schedule};
pub use sheets::{payouts_book, payouts_sheet};
pub use statement::{Statement, StatementLine, statement, statement_page};
pub use transfer::{TransferError, resume_transfers, send_by_provider};
