//! The part of a web address that names an event or an organization.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{Fault, search_key};

/// Small ASCII letters and digits, with single hyphens between them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// No slug is longer.
    pub const MAX: usize = 60;

    /// Reads a slug as it stands in an address.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Fault::Required);
        }
        if text.len() > Self::MAX {
            return Err(Fault::TooLong { max: Self::MAX });
        }
        let part = |part: &str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if text.split('-').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Fault::NotASlug)
        }
    }

    /// Makes a slug from a title; Arabic, Greek and Cyrillic are written in Latin letters. A title without any letter
    /// that can be written so becomes "event".
    pub fn from_title(title: &str) -> Self {
        let mut slug = String::new();
        let mut gap = false;
        for sign in search_key(title).chars() {
            let one = &mut [0; 4];
            let latin: &str = if sign.is_ascii_alphanumeric() {
                sign.encode_utf8(one)
            } else {
                latin(sign)
            };
            if latin.is_empty() {
                gap = gap || !(sign.is_alphanumeric() || sign == '\'' || sign == '’');
                continue;
            }
            let hyphen = gap && !slug.is_empty();
            gap = false;
            if slug.len() + usize::from(hyphen) + latin.len() > Self::MAX {
                break;
            }
            if hyphen {
                slug.push('-');
            }
            slug.push_str(latin);
        }
        if slug.is_empty() {
            Self("event".to_owned())
        } else {
            Self(slug)
        }
    }

    /// The same slug with a number, for when it is taken.
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("-{number}");
        let room = Self::MAX - suffix.len();
        let start = self
            .0
            .get(..room.min(self.0.len()))
            .unwrap_or("event")
            .trim_end_matches('-');
        Self(format!("{start}{suffix}"))
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Latin letters for one folded letter; nothing for signs that have none.
fn latin(sign: char) -> &'static str {
    match sign {
        'ا' | 'α' | 'а' => "a",
        'ب' | 'б' => "b",
        'ت' | 'ط' | 'τ' | 'т' => "t",
        'ث' | 'θ' => "th",
        'ج' => "j",
        'ح' | 'ه' => "h",
        'خ' | 'х' => "kh",
        'د' | 'ض' | 'δ' | 'д' => "d",
        'ذ' => "dh",
        'ر' | 'ρ' | 'р' => "r",
        'ز' | 'ظ' | 'ζ' | 'з' => "z",
        'س' | 'ص' | 'σ' | 'с' => "s",
        'ش' | 'ш' => "sh",
        'غ' => "gh",
        'ف' | 'φ' | 'ф' => "f",
        'ق' => "q",
        'ك' | 'κ' | 'к' => "k",
        'ل' | 'λ' | 'л' => "l",
        'م' | 'μ' | 'м' => "m",
        'ن' | 'ν' | 'н' => "n",
        'و' => "w",
        'ي' | 'υ' | 'ы' => "y",
        'γ' | 'г' => "g",
        'ε' | 'е' | 'э' => "e",
        'η' | 'ι' | 'и' | 'і' => "i",
        'ξ' => "x",
        'ο' | 'ω' | 'о' => "o",
        'π' | 'п' => "p",
        'χ' | 'ч' => "ch",
        'ψ' => "ps",
        'β' | 'в' => "v",
        'ж' => "zh",
        'у' => "u",
        'ц' => "ts",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        _ => "",
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Slug {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Slug {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn titles_become_slugs() {
        for (title, slug) in [
            ("Jazz at Night!", "jazz-at-night"),
            ("  Rock'n'Roll -- 2026 ", "rocknroll-2026"),
            ("Straßenfest in Łódź", "strassenfest-in-lodz"),
            ("ليلة موسيقى", "lylh-mwsyqy"),
            ("Θέατρο", "theatro"),
            ("Концерт", "kontsert"),
            ("音楽", "event"),
            ("!!!", "event"),
            ("", "event"),
        ] {
            assert_eq!(Slug::from_title(title).as_str(), slug);
        }
    }

    #[test]
    fn slugs_are_strict() {
        assert!(Slug::parse("jazz-2026").is_ok());
        for wrong in ["Jazz", "-a", "a-", "a--b", "a_b", "a/b", "ä"] {
            assert_eq!(Slug::parse(wrong), Err(Fault::NotASlug), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_title_gives_a_slug(title in "[\\PC]{0,90}", number: u32) {
            let slug = Slug::from_title(&title);
            prop_assert_eq!(Slug::parse(slug.as_str()), Ok(slug.clone()));
            let numbered = slug.numbered(number);
            prop_assert_eq!(Slug::parse(numbered.as_str()), Ok(numbered.clone()));
        }
    }
}
