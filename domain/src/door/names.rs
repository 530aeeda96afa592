//! How much of a guest's name a device may know.

use crate::codes::coded_enum;

coded_enum! {
    /// What reaches a device of a guest's name. Hidden names are never sent at all.
    #[derive(Default)]
    pub enum Names {
        /// As it is on the ticket.
        #[default]
        Full = "full",
        /// First letters.
        Initials = "initials",
        /// Nothing.
        Hidden = "hidden",
    }
}

impl Names {
    /// A name as the device may know it.
    pub fn show(self, name: &str) -> Option<String> {
        match self {
            Self::Full => Some(name.to_owned()),
            Self::Initials => Some(initials(name)),
            Self::Hidden => None,
        }
    }
}

/// "Ana-Marija Novak" becomes "A. N.".
fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|sign| sign.is_alphabetic()))
        .map(|sign| format!("{}.", sign.to_uppercase()))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_shrink() {
        let shown = |names: Names, name| names.show(name);
        assert_eq!(shown(Names::Full, "Ana Novak"), Some("Ana Novak".into()));
        for (name, short) in [
            ("Ana-Marija  Novak", "A. N."),
            ("  čuk ", "Č."),
            ("(Dr.) Žan", "D. Ž."),
            ("ليلى حداد", "ل. ح."),
            ("...", ""),
        ] {
            assert_eq!(shown(Names::Initials, name).as_deref(), Some(short));
        }
        assert_eq!(shown(Names::Hidden, "Ana Novak"), None);
    }
}
