//! Values of one writing direction inside a sentence of the other.
//!
//! An Arabic title in an English sentence drags the punctuation and digits beside it along, and the other way round.
//! Such values are wrapped in isolates (U+2068 … U+2069); values that cannot do harm stay bare, so that texts can be
//! copied, searched and compared.

use crate::Locale;
use std::borrow::Cow;

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// `text` as it may stand inside a sentence of language `l`.
#[must_use]
pub fn isolate(l: Locale, text: &str) -> Cow<'_, str> {
    if is_harmless(l, text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 6);
    out.push(FIRST_STRONG_ISOLATE);
    out.push_str(text);
    out.push(POP_ISOLATE);
    Cow::Owned(out)
}

/// `text` wrapped so that it always reads from left to right.
pub(crate) fn left_to_right(text: &str) -> String {
    format!("\u{2066}{text}{POP_ISOLATE}")
}

fn is_harmless(l: Locale, text: &str) -> bool {
    // An isolate at the end of an address would become part of the link in a mail reader.
    if text.starts_with("http://")
        || text.starts_with("https://")
        || text.starts_with([FIRST_STRONG_ISOLATE, '\u{2066}'])
    {
        return true;
    }
    match l {
        Locale::En => !text.chars().any(is_right_to_left),
        Locale::Ar => {
            let left_to_right = text
                .chars()
                .any(|c| c.is_alphabetic() && !is_right_to_left(c));
            // "12:30–14:00" or "-5" swap their parts next to Arabic letters; "1,240" does not.
            let digits = text.contains(|c: char| c.is_ascii_digit());
            let signs = text.contains(|c: char| {
                !c.is_alphanumeric() && !matches!(c, ',' | '.' | ':' | '،' | ' ')
            });
            !(left_to_right || digits && signs)
        }
    }
}

pub(crate) fn is_right_to_left(c: char) -> bool {
    matches!(u32::from(c), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

#[cfg(test)]
mod tests {
    use super::isolate;
    use crate::Locale;

    #[test]
    fn only_the_other_direction_is_wrapped() {
        assert_eq!(isolate(Locale::En, "Kino Šiška"), "Kino Šiška");
        assert_eq!(isolate(Locale::En, "ليلة"), "\u{2068}ليلة\u{2069}");
        assert_eq!(isolate(Locale::Ar, "ليلة"), "ليلة");
        assert_eq!(isolate(Locale::Ar, "1,240"), "1,240");
        assert_eq!(isolate(Locale::Ar, "Kino"), "\u{2068}Kino\u{2069}");
        assert_eq!(
            isolate(Locale::Ar, "19:30–22:00"),
            "\u{2068}19:30–22:00\u{2069}"
        );
        assert_eq!(
            isolate(Locale::Ar, "https://a.example/x"),
            "https://a.example/x"
        );
    }
}
