//! Money of a whole event goes back: deciding it, and following it.

mod call_off;
mod figures;
mod offer;
mod progress;
mod rows;
mod words;

pub use call_off::{CallOffPage, moved_choices};
pub use progress::RefundsPage;
