//! What is wrong with a field of a form, by the code and the limits of the fault.

use crate::{Locale, texts};
use std::fmt::Display;

/// The sentence for a field fault. A code without a text of its own asks to check the field.
#[must_use]
pub fn text(l: Locale, code: &str, params: &[(String, String)]) -> String {
    let values: Vec<(&str, &dyn Display)> = params
        .iter()
        .map(|(name, value)| (name.as_str(), value as &dyn Display))
        .collect();
    texts::faults::lookup_with(l, code, &values)
        .unwrap_or_else(|| texts::faults::other(l).to_owned())
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::Locale;

    #[test]
    fn limits_are_filled_in() {
        let params = [("max".to_owned(), "80".to_owned())];
        assert_eq!(
            text(Locale::En, "too_long", &params),
            "Use at most 80 characters."
        );
        assert!(text(Locale::Ar, "too_long", &params).contains("80"));
    }

    #[test]
    fn an_unknown_code_asks_to_check_the_field() {
        assert_eq!(
            text(Locale::En, "no_such_code", &[]),
            "Please check this field."
        );
    }
}
