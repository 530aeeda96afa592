//! Capacity and who gets it. The database decides under load; this is the rule it follows.

mod grant;
mod pool;

pub use grant::{Grant, Request, grant};
pub use pool::{Pool, StockError};

/// Whether one more reservation may be opened by someone who has `open` of them; a limit of 0 is none.
pub fn may_reserve(open: u32, limit: u32) -> bool {
    limit == 0 || open < limit
}
