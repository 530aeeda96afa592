//! Names that strangers read in a mail are no way to send them somewhere: mail programs make links of bare addresses.

use unicode_normalization::UnicodeNormalization;

use super::{Fault, clean::is_invisible};

/// Refuses a name that mail programs would make a link of.
pub fn no_address(name: String) -> Result<String, Fault> {
    if names_address(&name) {
        Err(Fault::Address)
    } else {
        Ok(name)
    }
}

/// Whether a part of this may be taken for the address of a page or a mailbox. Rather too often than too seldom: which
/// words end a domain changes every month, so any word of two letters after a dot counts. "J. R. R. Tolkien", "J.R.R. Tolkien",
/// "Dr. Who" and Arabic or Cyrillic initials without a space ("د.محمد") are names.
pub fn names_address(text: &str) -> bool {
    // As programs read it: wide signs are plain ones, and what takes no ink does not keep two parts apart.
    let plain: String = text
        .nfkc()
        .filter(|sign| sign.is_whitespace() || !is_invisible(*sign))
        .map(|sign| if sign == '。' { '.' } else { sign })
        .collect();
    let plain = plain.to_lowercase();
    plain.contains("://")
        || plain.contains("www.")
        || plain.contains('@')
        || plain.split_whitespace().any(has_domain)
}

fn has_domain(word: &str) -> bool {
    word.match_indices('.').any(|(at, dot)| {
        let (before, behind) = (&word[..at], &word[at + dot.len()..]);
        let joined = before.ends_with(|sign: char| !sign.is_ascii_punctuation())
            && behind.starts_with(char::is_alphanumeric);
        let label = behind.split('.').next().unwrap_or_default();
        let letters = label.chars().filter(|sign| sign.is_alphabetic()).count();
        joined && letters > 1 && !are_initials(before, label)
    })
}

/// Titles and initials before a name, as Arabic and Cyrillic are often written. Latin ones are not told from "t.me", and where
/// one sign is a word, it may be a domain too.
fn are_initials(before: &str, name: &str) -> bool {
    let initial = |part: &str| {
        let mut signs = part.chars();
        // Greek, Cyrillic, Armenian, Hebrew and Arabic.
        matches!(signs.next(), Some('\u{370}'..='\u{6FF}')) && signs.next().is_none()
    };
    before.split('.').all(initial) && !name.contains(|sign: char| sign.is_ascii())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_names() {
        for name in [
            "Bo Berg",
            "J.R.R. Tolkien",
            "J. R. R. Tolkien",
            "J.-P. Sartre",
            "J.-Pierre",
            "Dr. Who",
            "Ada Lovelace, Ph. D.",
            "Sammy Davis Jr.",
            "U.S.A.",
            "Version 2.0",
            "Bo ... Berg",
            "Wait...What",
            "Bo…Berg",
            "O'Brien & Sons",
            "Anne-Marie",
            "د.محمد",
            "أ.د.سمير العلي",
            "А.С.Пушкин",
            "ليلى",
            "山田太郎",
            ".",
            "..",
            "",
        ] {
            assert!(!names_address(name), "{name}");
            assert_eq!(no_address(name.to_owned()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn addresses_are_not() {
        for name in [
            "Win at https://evil.example",
            "ftp://x",
            "WWW.evil.example",
            "write to me@evil.example",
            "me＠evil",
            "evil.com",
            "EVIL.COM",
            "Prize:evil.com",
            "Ada (evil.com)",
            "Ada,evil.com/win",
            "evil-bank.co.uk",
            "x.com",
            "t.me/evil",
            "a.b.c.io",
            "1.2.evil",
            "evil.xn--p1ai",
            "evil．com",
            "evil․com",
            "evil。com",
            "evil｡com",
            "evil.\u{200B}com",
            "e\u{AD}vil\u{2060}.com",
            "☕.ws",
            "موقع.شبكة",
            "пример.рф",
            "д.com",
            "мой.д.рф",
            "山.公司",
            // Not told from an address; a space after the dot makes it a name.
            "Dr.Who",
            "J.R.R.Tolkien",
        ] {
            assert!(names_address(name), "{name}");
            assert_eq!(no_address(name.to_owned()), Err(Fault::Address), "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_domain_gets_through(
            before in "\\PC{0,10}", name in "[a-z0-9]{1,12}", end in "[a-zA-Z]{2,10}", path in "(/[a-z]{1,5})?",
        ) {
            let named = format!("{before} {name}.{end}{path}");
            prop_assert!(names_address(&named), "{}", named);
        }

        #[test]
        fn words_without_a_dot_are_names(text in "[\\p{Lu}\\p{Ll}\\p{Arabic} '-]{0,40}") {
            prop_assert!(!names_address(&text), "{}", text);
        }
    }
}
