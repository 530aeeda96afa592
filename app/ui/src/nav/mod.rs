//! Ways through the pages: plain links and forms.

mod address;
mod filters;
mod links;
mod switches;

pub use address::{address, query};
pub use filters::{Chip, FilterChips};
pub use links::{Breadcrumbs, Crumb, KeysetPager, Step, Steps, TabItem, Tabs};
pub use switches::{LanguageSwitch, Theme, ThemeSwitch};
