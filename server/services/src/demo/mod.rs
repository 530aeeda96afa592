//! Sample data for development, demonstrations and browser tests: invented organizers, events with
//! artwork drawn by the project, and the sales they would have had. Never part of a production start.

pub mod artwork;
mod chance;
pub mod content;
pub mod plan;
