//! The black-and-white design system. It knows no business words.

mod locale;

pub use locale::{provide_locale, use_locale};
