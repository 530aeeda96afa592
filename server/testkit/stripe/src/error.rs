//! What Stripe answers when it does not do what was asked.

use serde_json::{Value, json};

use crate::fields::Fields;

/// A refused request: the HTTP status and the `error` object.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{status} {error}")]
pub struct Failure {
    /// The HTTP status.
    pub status: u16,
    /// What stands under `error`.
    pub error: Value,
    /// Whether the endpoint had begun to work: only then an idempotency key remembers the answer.
    pub begun: bool,
}

impl Failure {
    fn new(status: u16, kind: &str, message: impl Into<String>) -> Self {
        Failure {
            status,
            error: json!({ "type": kind, "message": message.into() }),
            begun: false,
        }
    }

    /// 400 `invalid_request_error`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    /// 402 `card_error` with its code.
    pub fn card(code: &str, message: &str) -> Self {
        let mut failure = Self::new(402, "card_error", message).code(code);
        failure.begun = true;
        failure
    }

    /// 404 `resource_missing`.
    pub fn missing(what: &str, id: &str) -> Self {
        let mut failure = Self::new(
            404,
            "invalid_request_error",
            format!("No such {what}: '{id}'"),
        )
        .code("resource_missing")
        .param("id");
        if id.is_empty() {
            failure.error.set("message", format!("No such {what}"));
        }
        failure
    }

    /// 404 for an address that Stripe does not have.
    pub fn no_route(method: &str, path: &str) -> Self {
        Self::new(
            404,
            "invalid_request_error",
            format!(
                "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/."
            ),
        )
    }

    /// 401.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "invalid_request_error", message)
    }

    /// 403 for an account that the key may not act for.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "invalid_request_error", message)
    }

    /// 400 or 409 `idempotency_error`.
    pub fn idempotency(status: u16, message: impl Into<String>) -> Self {
        Self::new(status, "idempotency_error", message)
    }

    /// 429 with `rate_limit`.
    pub fn rate_limit() -> Self {
        Self::new(
            429,
            "invalid_request_error",
            "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
        )
        .code("rate_limit")
    }

    /// 500 `api_error`.
    pub fn server() -> Self {
        Self::new(
            500,
            "api_error",
            "An unknown error occurred. If you have any questions, we can help at https://support.stripe.com/.",
        )
    }

    /// A parameter that must be there and is not.
    pub fn needs(param: &str) -> Self {
        Self::invalid(format!("Missing required param: {param}."))
            .code("parameter_missing")
            .param(param)
    }

    /// Names the code.
    pub fn code(mut self, code: &str) -> Self {
        self.error.set("code", code);
        self.error.set(
            "doc_url",
            format!(
                "https://stripe.com/docs/error-codes/{}",
                code.replace('_', "-")
            ),
        );
        self
    }

    /// Names the parameter.
    pub fn param(mut self, param: &str) -> Self {
        self.error.set("param", param);
        self
    }

    /// Adds a field, as `payment_intent`.
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.error.set(key, value);
        self
    }

    /// Says that the endpoint had begun to work.
    pub fn begun(mut self) -> Self {
        self.begun = true;
        self
    }
}
