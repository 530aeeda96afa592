//! Promo codes: organizers make them, buyers use them.
//!
//! A use is counted when the code comes to a basket, under the code's lock, so that the last one goes to exactly one buyer who
//! can then rely on the price shown. It is given back when nothing is paid with it: the basket is let go or runs out, the
//! unpaid order expires or is called off. A code that was paid with stays used, whatever of the order is given back later.
//!
//! Locks: baskets or orders first, then pools, and codes last, in the order of their ids.

mod change;
mod choices;
mod create;
mod customers;
mod export;
mod form;
mod list;
mod many;
mod report;
mod rows;
mod typed;
mod uses;

pub use change::{ChangeCodeError, change, remove, set_state};
pub use choices::{Choices, EventChoice, Kept, choices, zone};
pub use create::{CreateCodeError, MOST_CODES, create};
pub(crate) use customers::{customer_may_again, uses_of};
pub use export::export;
pub use form::CodeForm;
pub use list::{CodeFilter, CodeRow, find, list};
pub use many::{MOST_AT_ONCE, create_many};
pub use report::{CodeFigures, report, report_sheet};
pub(crate) use rows::{Code, lock_codes};
pub(crate) use uses::{
    NewUse, Of, Use, change_uses, give_back, lock_codes_of, of_holds, take_again,
};
