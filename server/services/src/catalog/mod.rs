//! What visitors see of events: pages, lists, calendar files. Not for: changing events (that is `events`).

mod calendar;

pub use calendar::calendar;
