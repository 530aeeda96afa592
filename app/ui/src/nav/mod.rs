//! Ways through the pages: plain links and forms.

mod filters;
mod links;
mod switches;

pub use filters::{Chip, FilterChips};
pub use links::{Breadcrumbs, Crumb, KeysetPager, Step, Steps, TabItem, Tabs};
pub use switches::{LanguageSwitch, Theme, ThemeSwitch};
