//! Tickets: the keys that sign them, and their issue on payment.

mod issue;
pub mod keys;

pub use issue::validity;
pub(crate) use issue::{issue, sign};
pub(crate) use keys::reseal_keys;
