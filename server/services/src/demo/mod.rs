//! Sample data for development, demonstrations and browser tests: invented organizers, events with
//! posters drawn by the `artwork` package, and the sales they would have had. Never part of a production start, which shuts
//! the accounts that a start before may have left.

pub mod content;
mod fill;
pub mod plan;
mod queries;
mod shut;

pub use fill::{ADMIN_KEY, PASSWORD, Report, SIGN_INS, SignIn, fill};
pub use shut::shut;
