//! Finding events: what is listed for everybody and the queries over it (PostgreSQL full text and trigrams).

mod cursor;
mod facets;
mod find;
mod index;
mod queries;

pub use facets::{Facets, KeptFacets, facets};
pub use find::{Find, Found, When, find};
pub use index::{index_event, index_organization};
