//! Queries of addresses.

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
    use std::fmt::Write;
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
    use super::query;

    #[test]
    fn values_are_escaped_and_empty_ones_left_out() {
        assert_eq!(
            query(&[("q", "a b&c"), ("city", ""), ("x", "ž")]),
            "q=a%20b%26c&x=%C5%BE"
        );
    }
}
