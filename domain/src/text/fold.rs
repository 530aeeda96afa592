//! Brings text into the form in which it is searched and made into addresses: without case, marks and variants.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The key under which text is found: small letters, no accents, one form for Arabic letters that people mix up.
/// Query and stored text must both pass through it.
pub fn search_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut gap = false;
    for sign in text
        .nfkd()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|sign| !is_mark(*sign))
    {
        if sign.is_whitespace() {
            gap = !key.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            key.push(' ');
        }
        match same_letter(sign) {
            Some(letters) => key.push_str(letters),
            None => key.push(western_digit(sign).unwrap_or(sign)),
        }
    }
    key
}

/// Accents, Arabic short vowels, the tatweel that only stretches a word, and signs without ink.
fn is_mark(sign: char) -> bool {
    is_combining_mark(sign)
        || sign.is_control() && !sign.is_whitespace()
        || matches!(sign, '\u{640}' | '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// Letters that carry their difference in themselves, so that decomposition does not help.
fn same_letter(sign: char) -> Option<&'static str> {
    Some(match sign {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ς' => "σ",
        // The hamza and madda above are marks and gone by now.
        'ٱ' => "ا",
        'ى' | 'ی' => "ي",
        'ة' | 'ہ' | 'ە' => "ه",
        'ک' => "ك",
        _ => return None,
    })
}

/// The western form of an Arabic or Persian digit.
pub fn western_digit(sign: char) -> Option<char> {
    let zero = match sign {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    char::from_digit(u32::from(sign) - u32::from(zero), 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn variants_share_a_key() {
        for (one, other) in [
            ("Café", "CAFE"),
            ("Straße", "strasse"),
            ("Łódź", "lodz"),
            ("İstanbul", "istanbul"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("أُمْسِيَة", "امسيه"),
            ("مـوسـيـقى", "موسيقي"),
            ("آدم إبراهيم ٱلقاهرة", "ادم ابراهيم القاهره"),
            ("٢٠٢٦", "2026"),
            ("۲۰۲۶", "2026"),
            ("  two \n words ", "two words"),
            ("ﬁnale", "finale"),
        ] {
            assert_eq!(search_key(one), search_key(other), "{one} {other}");
        }
        assert_eq!(search_key("Two  Words "), "two words");
    }

    proptest! {
        #[test]
        fn a_key_is_its_own_key(text: String) {
            let key = search_key(&text);
            prop_assert_eq!(search_key(&key), key);
        }
    }
}
