//! Tickets: the keys that sign them, and their issue on payment.

mod issue;
pub mod keys;

pub(crate) use issue::issue;
pub use issue::validity;
