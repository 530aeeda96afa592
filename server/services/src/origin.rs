//! From where somebody acts, for the day on which a bank asks.

use std::net::IpAddr;

const MOST_SIGNS: usize = 300;

/// An internet address and a browser. Nothing of it is proof alone, and nothing is decided by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    address: Option<IpAddr>,
    browser: String,
}

impl Origin {
    /// The machine's own address says nothing: a proxy hides everybody behind it. A browser may call itself anything; what is kept
    /// are its first 300 signs.
    #[must_use]
    pub fn new(address: Option<IpAddr>, browser: &str) -> Self {
        let address = address.map(|address| address.to_canonical());
        Self {
            address: address.filter(|address| !address.is_loopback()),
            browser: browser
                .chars()
                .filter(|sign| !sign.is_control())
                .take(MOST_SIGNS)
                .collect(),
        }
    }

    /// As it is written down.
    pub(crate) fn address(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }

    pub(crate) fn browser(&self) -> &str {
        &self.browser
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_is_not_kept_and_nothing_is_too_long() {
        let of = |address: &str| Origin::new(Some(address.parse().unwrap()), "").address();
        assert_eq!(of("127.0.0.1"), None);
        assert_eq!(of("::1"), None);
        assert_eq!(of("::ffff:203.0.113.7").as_deref(), Some("203.0.113.7"));
        let longest = of("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff").unwrap();
        assert!(longest.len() <= 45);
        let long = "Fire\u{7}fox ".repeat(100);
        let browser = Origin::new(None, &long).browser().to_owned();
        assert_eq!(browser.chars().count(), MOST_SIGNS);
        assert!(browser.starts_with("Firefox Firefox"));
    }
}
