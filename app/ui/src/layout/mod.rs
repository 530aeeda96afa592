//! The frames of a page.

mod card;
mod page;
mod tile;

pub use card::{Card, Definition, DefinitionList, EmptyState, Skeleton, Stat};
pub use page::{Container, ContainerSize, PageHeader, Section, StickyBar};
pub use tile::{LineItem, Picture, Tile};
