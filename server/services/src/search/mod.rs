//! Finding events: the search columns and the queries over them (PostgreSQL full text and trigrams).

mod index;

pub use index::{index_event, index_organization};
