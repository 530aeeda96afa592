//! The language of the page, found once and read everywhere.

use leptos::prelude::{provide_context, use_context};
use locales::Locale;

/// Makes the language known to everything below.
pub fn provide_locale(locale: Locale) {
    provide_context(locale);
}

/// The language to write in.
#[must_use]
pub fn use_locale() -> Locale {
    use_context().unwrap_or_default()
}
