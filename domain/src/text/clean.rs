//! Single lines and blocks of text. What is kept is kept as it was written, apart from its Unicode form (NFC) and
//! superfluous white space.

use unicode_normalization::UnicodeNormalization;

use super::Fault;

/// One line of text with `min` to `max` characters; white space inside is collapsed.
pub fn line(input: &str, min: usize, max: usize) -> Result<String, Fault> {
    // A tab is pasted from tables by accident; a line break is never meant in a single line.
    refuse_hidden(input, |sign| sign == '\t')?;
    let composed: String = input.nfc().collect();
    let text = composed.split_whitespace().collect::<Vec<_>>().join(" ");
    if has_markup(&text) {
        return Err(Fault::Markup);
    }
    within(text, min, max)
}

/// Several lines of text with at most `max` characters; may be empty.
pub fn block(input: &str, max: usize) -> Result<String, Fault> {
    let input = input.replace("\r\n", "\n").replace('\r', "\n");
    refuse_hidden(&input, |sign| sign == '\n' || sign == '\t')?;
    let composed: String = input.nfc().collect();
    let text = composed.trim_end().trim_start_matches(['\n', ' ', '\t']);
    within(text.to_owned(), 0, max)
}

fn refuse_hidden(input: &str, allowed: fn(char) -> bool) -> Result<(), Fault> {
    for sign in input.chars() {
        if sign.is_control() && !allowed(sign) {
            return Err(Fault::ControlCharacters);
        }
        if matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') {
            return Err(Fault::BidiOverride);
        }
    }
    Ok(())
}

fn within(text: String, min: usize, max: usize) -> Result<String, Fault> {
    let text = if text.chars().all(is_invisible) {
        String::new()
    } else {
        text
    };
    match text.chars().count() {
        0 if min > 0 => Err(Fault::Required),
        length if length < min => Err(Fault::TooShort { min }),
        length if length > max => Err(Fault::TooLong { max }),
        _ => Ok(text),
    }
}

/// Signs that take no ink: a name made of them alone is no name.
pub(super) fn is_invisible(sign: char) -> bool {
    sign.is_whitespace()
        || matches!(
            sign,
            '\u{AD}'
                | '\u{34F}'
                | '\u{61C}'
                | '\u{115F}'
                | '\u{1160}'
                | '\u{180E}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2060}'..='\u{2064}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Whether a tag, closing tag, comment or declaration starts somewhere. "<3" and "a < b" are ordinary text.
fn has_markup(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| {
        rest.starts_with(|sign: char| sign.is_ascii_alphabetic() || "/!?".contains(sign))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_tidied() {
        for (input, text) in [
            ("  Jazz \t at  night ", "Jazz at night"),
            ("Cafe\u{301}", "Café"),
            ("ليلة  موسيقى", "ليلة موسيقى"),
            ("I <3 you", "I <3 you"),
            ("Tom & \"Jerry\" 'n' co", "Tom & \"Jerry\" 'n' co"),
            ("👨‍👩‍👧 day", "👨‍👩‍👧 day"),
        ] {
            assert_eq!(line(input, 1, 40), Ok(text.to_owned()), "{input}");
        }
    }

    #[test]
    fn lines_are_refused() {
        for (input, fault) in [
            ("", Fault::Required),
            (" \u{200B}\u{3164} ", Fault::Required),
            ("a", Fault::TooShort { min: 2 }),
            ("abcdef", Fault::TooLong { max: 5 }),
            ("a\nb", Fault::ControlCharacters),
            ("a\0b", Fault::ControlCharacters),
            ("a\u{202E}b", Fault::BidiOverride),
            ("a\u{2066}b", Fault::BidiOverride),
            ("<b>a", Fault::Markup),
            ("</x>", Fault::Markup),
        ] {
            assert_eq!(line(input, 2, 5), Err(fault), "{input:?}");
        }
        assert_eq!(line("  ", 0, 5), Ok(String::new()));
    }

    #[test]
    fn blocks_keep_their_lines() {
        assert_eq!(block("\r\n a\r\n\r\nb  \n ", 20), Ok("a\n\nb".to_owned()));
        assert_eq!(block(" \n ", 20), Ok(String::new()));
        assert_eq!(block("a\u{7}", 20), Err(Fault::ControlCharacters));
        assert_eq!(block("a\u{202D}", 20), Err(Fault::BidiOverride));
        assert_eq!(block("abc", 2), Err(Fault::TooLong { max: 2 }));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(input in "\\PC{0,40}") {
            if let Ok(once) = line(&input, 0, 100) {
                prop_assert_eq!(line(&once, 0, 100), Ok(once));
            }
        }

        #[test]
        fn blocks_too(input: String) {
            if let Ok(once) = block(&input, 1000) {
                prop_assert_eq!(block(&once, 1000), Ok(once));
            }
        }
    }
}
