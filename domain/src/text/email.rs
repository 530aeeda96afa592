//! E-mail addresses, checked as far as a form can: whether mail arrives is only known by sending one.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Fault;

/// An address mail can be sent to. The domain is in small letters; the local part is kept as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Reads an address. Quoted local parts and literal addresses are refused: typos look like them, people do not.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Fault::Required);
        }
        // RFC 5321 4.5.3.1: 64 for the local part, 254 for what fits into a path.
        if text.len() > 254 {
            return Err(Fault::TooLong { max: 254 });
        }
        match text.rsplit_once('@') {
            Some((local, domain)) if is_local(local) && is_domain(domain) => {
                Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
            }
            _ => Err(Fault::NotAnEmail),
        }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the at sign.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address in small letters, to find a person who writes it another way each time.
    pub fn lookup_key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The address that was probably meant, when the domain looks like a slip of the finger.
    pub fn suggestion(&self) -> Option<Email> {
        let (local, domain) = self.0.rsplit_once('@')?;
        if REAL.contains(&domain) || OFTEN_MEANT.contains(&domain) {
            return None;
        }
        let meant = OFTEN_MEANT
            .iter()
            .find(|meant| one_slip_apart(domain.as_bytes(), meant.as_bytes()))?;
        Some(Self(format!("{local}@{meant}")))
    }
}

/// Domains so common that a near miss is more likely a typo than another provider.
const OFTEN_MEANT: [&str; 8] = [
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "googlemail.com",
    "protonmail.com",
    "live.com",
];

/// Real providers that lie one slip away from those.
const REAL: [&str; 8] = [
    "mail.com",
    "email.com",
    "ymail.com",
    "hotmail.co",
    "yahoo.co",
    "zmail.com",
    "dive.com",
    "love.com",
];

fn is_local(local: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte);
    local.len() <= 64
        && local
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(sign))
}

fn is_domain(domain: &str) -> bool {
    let label = |part: &str| {
        (1..=63).contains(&part.len())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let top = domain.rsplit_once('.').map_or("", |(_, top)| top);
    let real_top = top.len() >= 2 && !top.bytes().all(|byte| byte.is_ascii_digit());
    real_top && domain.len() <= 253 && domain.split('.').all(label)
}

/// Whether one inserted, dropped, wrong or swapped letter makes one word the other.
fn one_slip_apart(a: &[u8], b: &[u8]) -> bool {
    let same_start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same_start..], &b[same_start..]);
    match (a, b) {
        ([], []) => false,
        ([_, rest @ ..], _) if rest == b => true,
        (_, [_, rest @ ..]) if rest == a => true,
        ([x, y, a_rest @ ..], [v, w, b_rest @ ..]) if (x, y) == (w, v) && a_rest == b_rest => true,
        ([_, a_rest @ ..], [_, b_rest @ ..]) => a_rest == b_rest,
        _ => false,
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Email {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Email {
    type Error = Fault;

    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses() {
        for (text, email) in [
            (" Ada.L+x@Example.ORG ", "Ada.L+x@example.org"),
            ("o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"),
            ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ] {
            assert_eq!(Email::parse(text).map(String::from), Ok(email.to_owned()));
        }
        for wrong in [
            "a",
            "@b.de",
            "a@",
            "a@b",
            "a@b.c",
            "a@.de",
            "a@b..de",
            "a@-b.de",
            "a b@c.de",
            ".a@b.de",
            "a.@b.de",
            "a..b@c.de",
            "a@b@c.de",
            "a@1.2.3.44",
            "\"a\"@b.de",
            "a\n@b.de",
            "<a@b.de>",
            "a@b.de,c@d.de",
            "ä@b.de",
        ] {
            assert_eq!(Email::parse(wrong), Err(Fault::NotAnEmail), "{wrong}");
        }
        assert_eq!(Email::parse(" "), Err(Fault::Required));
        assert_eq!(
            Email::parse(&format!("{}@b.de", "a".repeat(65))),
            Err(Fault::NotAnEmail)
        );
        assert_eq!(
            Email::parse(&"a".repeat(300)),
            Err(Fault::TooLong { max: 254 })
        );
    }

    #[test]
    fn slips_get_a_suggestion() {
        let meant = |text: &str| Email::parse(text).unwrap().suggestion().map(String::from);
        for typo in [
            "gmial.com",
            "gmai.com",
            "gmail.con",
            "gmaill.com",
            "gnail.com",
            "gmal.com",
            "gmail.co",
        ] {
            assert_eq!(
                meant(&format!("Ada@{typo}")),
                Some("Ada@gmail.com".to_owned()),
                "{typo}"
            );
        }
        assert_eq!(meant("a@hotnail.com"), Some("a@hotmail.com".to_owned()));
        assert_eq!(meant("a@outlok.com"), Some("a@outlook.com".to_owned()));
        for fine in [
            "gmail.com",
            "mail.com",
            "gmx.de",
            "outlook.de",
            "example.org",
            "yahoo.co.uk",
        ] {
            assert_eq!(meant(&format!("a@{fine}")), None, "{fine}");
        }
    }

    proptest! {
        #[test]
        fn reading_is_stable(text in "[A-Za-z.+]{1,6}@[A-Za-z.-]{1,8}\\.[a-z]{2,3}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert!(email.suggestion().is_none_or(|other| other != email));
            }
        }

        #[test]
        fn nothing_breaks_reading(text: String) {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(!email.domain().is_empty());
            }
        }
    }
}
