//! Addresses with a query, and the parts of the address of the page being shown.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// What the address of a list asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub organization: String,
    pub event: Option<String>,
    pub text: String,
    pub state: String,
    pub after: Option<String>,
}

/// The list of the address.
pub fn use_asked() -> Memo<Asked> {
    let (params, query) = (use_params_map(), use_query_map());
    Memo::new(move |_| {
        let (organization, event) =
            params.with(|p| (p.get("org").unwrap_or_default(), p.get("event")));
        query.with(|q| Asked {
            organization,
            event,
            text: q.get("q").unwrap_or_default(),
            state: q.get("state").unwrap_or_default(),
            after: q.get("after"),
        })
    })
}

/// One part of the path.
pub fn use_part(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get(name).unwrap_or_default()))
}

/// `path` with those pairs that have a value.
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// Percent-encodes everything but letters, digits and `-._~` (RFC 3986, unreserved).
fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn only_what_is_asked_stands_in_the_address() {
        assert_eq!(address("/a", &[("q", ""), ("state", "")]), "/a");
        assert_eq!(
            address("/a", &[("q", "ä &b"), ("state", "paid")]),
            "/a?q=%C3%A4%20%26b&state=paid"
        );
    }
}
