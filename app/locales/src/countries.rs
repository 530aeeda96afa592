//! The names of countries, as CLDR has them, in the order in which a reader looks for them. For the server's half only: pages get
//! the list with what they show, so that no browser carries all of them along.

use crate::Locale;

const EN: &str = include_str!("../countries/en.txt");
const AR: &str = include_str!("../countries/ar.txt");

/// Codes of ISO 3166-1 with their names, sorted by name.
pub fn all(l: Locale) -> impl Iterator<Item = (&'static str, &'static str)> {
    let list = match l {
        Locale::En => EN,
        Locale::Ar => AR,
    };
    list.lines().filter_map(|line| line.split_once(' '))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_language_names_each_country_once() {
        let codes = |l| all(l).map(|(code, _)| code).collect::<BTreeSet<_>>();
        assert_eq!(codes(Locale::En), codes(Locale::Ar));
        for l in Locale::all() {
            let names: BTreeSet<_> = all(l).map(|(_, name)| name).collect();
            assert_eq!((names.len(), all(l).count()), (249, 249));
            for (code, name) in all(l) {
                assert!(domain::invoices::is_country(code), "{code}");
                assert!(!name.trim().is_empty() && name.len() > 2, "{code}");
            }
        }
        assert!(all(Locale::En).any(|one| one == ("JO", "Jordan")));
        assert!(all(Locale::Ar).any(|one| one == ("JO", "الأردن")));
    }
}
