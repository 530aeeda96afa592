//! Capacity and who gets it. The database decides under load; this is the rule it follows.

mod grant;
mod pool;

pub use grant::{Grant, Request, grant};
pub use pool::{Pool, StockError};
