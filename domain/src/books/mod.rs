//! The payment provider's own book: what its lines mean for ours, and what becomes of differences between the two.

mod case;
mod line;

pub use case::{CaseError, CaseKind, CaseState};
pub use line::{Booking, LineKind, bookings};
