//! Tickets: the keys that sign them, and their issue on payment.

mod issue;
pub mod keys;
mod rotate_keys;

pub use issue::validity;
pub(crate) use issue::{issue, sign};
pub(crate) use keys::reseal_keys;
pub use rotate_keys::rotate_keys;
