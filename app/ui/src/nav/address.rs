//! Addresses with a query.

use std::fmt::Write;

/// `path` with those pairs that have a value, escaped.
#[must_use]
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    match query(pairs) {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// `name=value&…`, escaped; empty values are left out.
#[must_use]
pub fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    pairs.join("&")
}

/// Percent-encoding of everything that is not unreserved (RFC 3986, 2.3).
fn escape(text: &str) -> String {
    text.bytes()
        .fold(String::with_capacity(text.len()), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                out.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(out, "%{byte:02X}");
            }
            out
        })
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_what_is_asked_stands_in_the_address() {
        assert_eq!(address("/a", &[("q", ""), ("state", "")]), "/a");
        assert_eq!(
            address("/a", &[("q", "ä &b"), ("city", ""), ("state", "paid")]),
            "/a?q=%C3%A4%20%26b&state=paid"
        );
    }
}
