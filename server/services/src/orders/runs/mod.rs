//! All orders of an event end and their money goes back: one run, with a row for every order that says what became of it.
//!
//! A run is begun in the transaction that decides it. A job then works through its rows in portions, each in one
//! transaction, so that a stop anywhere leaves every order either untouched or ended: whoever comes next goes on from
//! there. Sending the money is the business of each refund's own job.

mod batch;
mod begin;
mod figures;
mod list;
mod portion;
mod retry;
mod sheet;
mod show;
mod won;

pub(crate) use begin::{NewRun, begin_run, end_orders_of};
pub(crate) use figures::figures;
pub use figures::{CallOffFigures, MoneyBackFigures, call_off_figures};
pub use list::{ListRun, RunRow, list_run};
pub(crate) use portion::{end_portion, paid_late};
pub use retry::{RetryRunError, retry_run};
pub use sheet::export_run;
pub use show::{RunCounts, RunMoney, RunView, show_run};
pub(crate) use won::{give_back_won, goes_on};
