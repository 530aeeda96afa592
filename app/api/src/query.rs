//! What the query of the address of a page says. The router's own map decodes each value a second time, so that `%2525` would
//! be read as `%`; here it is read once, on the server and in the browser alike.

use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// Names with their values, in the order of the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// From what follows the question mark (WHATWG URL, 5.1).
    #[must_use]
    pub fn read(raw: &str) -> Self {
        Self(
            form_urlencoded::parse(raw.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The last value of this name.
    #[must_use]
    pub fn get_str(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rev()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The last value of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        self.get_str(name).map(str::to_owned)
    }

    /// All values of this name; `None` where there is none.
    #[must_use]
    pub fn get_all(&self, name: &str) -> Option<Vec<String>> {
        let values: Vec<String> = self
            .0
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, value)| value.clone())
            .collect();
        Some(values).filter(|values| !values.is_empty())
    }
}

impl IntoIterator for Query {
    type Item = (String, String);
    type IntoIter = std::vec::IntoIter<(String, String)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The query of the page being shown.
#[must_use]
pub fn use_query_map() -> Memo<Query> {
    let url = use_url();
    Memo::new(move |_| url.with(|url| Query::read(url.search())))
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn values_are_decoded_once() {
        let query = Query::read("q=%2525&form=a%26b&q2=1+2&t=a&t=%D9%84&empty=");
        assert_eq!(query.get("q").as_deref(), Some("%25"));
        assert_eq!(query.get("form").as_deref(), Some("a&b"));
        assert_eq!(query.get("q2").as_deref(), Some("1 2"));
        assert_eq!(query.get("t").as_deref(), Some("ل"));
        assert_eq!(query.get_all("t").unwrap(), ["a", "ل"]);
        assert_eq!(query.get_str("empty"), Some(""));
        assert_eq!(query.get_all("none"), None);
    }
}
