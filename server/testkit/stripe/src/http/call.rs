//! A request as the routes see it.

use crate::params::Params;

/// What is asked, by whom.
#[derive(Debug)]
pub struct Call {
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The parts of the path after `/v1/`.
    pub path: Vec<String>,
    /// Query or body.
    pub params: Params,
    /// The account it is about: the platform's, or that of the header `Stripe-Account`.
    pub scope: String,
}

impl Call {
    /// Method and path, to be matched.
    pub fn route(&self) -> (&str, Vec<&str>) {
        (&self.method, self.path.iter().map(String::as_str).collect())
    }

    /// The path as it was asked.
    pub fn url(&self) -> String {
        format!("/v1/{}", self.path.join("/"))
    }
}
