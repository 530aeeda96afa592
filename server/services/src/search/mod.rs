//! Finding events: the search columns and the queries over them (PostgreSQL full text and trigrams).

mod cursor;
mod facets;
mod find;
mod index;
mod queries;

pub use facets::{Facets, facets};
pub use find::{Find, Found, When, find};
pub use index::{index_event, index_organization};
