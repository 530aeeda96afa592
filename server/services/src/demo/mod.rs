//! Sample data for development, demonstrations and browser tests: invented organizers, events with
//! posters drawn by the `artwork` package, and the sales they would have had. Never part of a production start.

pub mod content;
mod fill;
pub mod plan;
mod queries;

pub use fill::{ADMIN_KEY, PASSWORD, Report, SIGN_INS, SignIn, fill};
