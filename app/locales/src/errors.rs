//! What went wrong with a request, by the code the server gave it.

use crate::{Locale, texts};

/// The sentence for `code`. A code without a text of its own says that something went wrong and that trying again is
/// worthwhile, which is true of everything unforeseen.
#[must_use]
pub fn text(l: Locale, code: &str) -> &'static str {
    texts::errors::lookup(l, code).unwrap_or_else(|| texts::errors::internal(l))
}

/// Too much is going on, and when to come again.
#[must_use]
pub fn busy_in(l: Locale, seconds: u32) -> String {
    texts::errors::busy_in(l, seconds.into())
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::Locale;

    #[test]
    fn an_unknown_code_still_says_something() {
        assert_eq!(
            text(Locale::En, "no_such_code"),
            text(Locale::En, "internal")
        );
        assert_ne!(text(Locale::En, "not_found"), text(Locale::En, "internal"));
    }
}
