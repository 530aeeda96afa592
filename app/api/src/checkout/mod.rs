//! What the pages of buying ask the server: choose, hold, details, pay.

mod hold;

pub use hold::{HoldTickets, hold_tickets};
