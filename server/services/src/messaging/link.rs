//! Where the button of a mail leads.

use serde::{Deserialize, Serialize};

use crate::seal::Seal;

/// A place of this installation. A queued mail never holds what opens something: whoever reads the queue, or a backup of it,
/// cannot go where the mail leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Link {
    /// A path that anybody may know.
    Page(String),
    /// A path that ends in a secret. It is made from what it is about when the mail is sent.
    Secret {
        path: String,
        about: String,
        /// What comes after a question mark, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        query: Option<String>,
    },
}

impl Link {
    pub(crate) fn page(path: impl Into<String>) -> Self {
        Self::Page(path.into())
    }

    /// The secret of `about`, as [`Seal::derive`] makes it, comes right after the path.
    pub(crate) fn secret(path: impl Into<String>, about: String) -> Self {
        Self::Secret {
            path: path.into(),
            about,
            query: None,
        }
    }

    /// The same with a query that anybody may know, where the link is of a secret.
    pub(crate) fn with_query(self, query: Option<String>) -> Self {
        match self {
            Self::Page(path) => Self::Page(path),
            Self::Secret { path, about, .. } => Self::Secret { path, about, query },
        }
    }

    /// The whole address.
    pub(super) fn url(&self, origin: &str, seal: &Seal) -> String {
        match self {
            Self::Page(path) => format!("{origin}{path}"),
            Self::Secret { path, about, query } => {
                let address = format!("{origin}{path}{}", seal.derive(about));
                match query {
                    Some(query) => format!("{address}?{query}"),
                    None => address,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_queued_opens_nothing() {
        let seal = Seal::new([1; 32], [2; 32]);
        let link = Link::secret("/verify/", "verify_email|7".to_owned());
        let queued = serde_json::to_string(&link).unwrap();
        let secret = seal.derive("verify_email|7");
        assert!(!queued.contains(&secret));
        let read: Link = serde_json::from_str(&queued).unwrap();
        assert_eq!(
            read.url("https://bilten.test", &seal),
            format!("https://bilten.test/verify/{secret}")
        );
        let page: Link = serde_json::from_str(r#""/sign-in""#).unwrap();
        assert_eq!(
            page.url("https://bilten.test", &seal),
            "https://bilten.test/sign-in"
        );
    }
}
