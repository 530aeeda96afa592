//! Requests to Stripe, through the one way out. The library writes them and reads the answers; the wire is ours.

use reqwest::{
    Method, Request,
    header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue},
};
use serde::{Deserialize, de::DeserializeOwned};
use services::ports::PortError;
use stripe_client_core::{
    CustomizedStripeRequest, RequestBuilder, RequestStrategy, StripeClient, StripeClientErr,
    StripeMethod,
};
use url::Url;

use super::Stripe;
use crate::{
    config::Secret,
    outbound::{Outbound, OutboundError},
};

/// Whoever asks has to do with this account and this address.
pub(super) struct Http {
    out: Outbound,
    url: Url,
    key: Secret,
}

/// Why nothing came of a request.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// Nobody knows whether it was done: the same request again tells, under the same key.
    #[error("{0}")]
    Unknown(String),
    /// It was not done.
    #[error("{}", told(.code, .message))]
    Refused { code: String, message: String },
}

fn told(code: &str, message: &str) -> String {
    match (code.is_empty(), message.is_empty()) {
        (_, true) => code.to_owned(),
        (true, false) => message.to_owned(),
        (false, false) => format!("{message} ({code})"),
    }
}

impl Fault {
    pub(super) fn refused(message: impl Into<String>) -> Self {
        Self::Refused {
            code: String::new(),
            message: message.into(),
        }
    }
}

impl Fault {
    /// Stripe does not know what was named, or no longer under this key.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self, Self::Refused { code, .. } if code == "resource_missing" || code == "account_invalid")
    }
}

impl From<Fault> for PortError {
    fn from(fault: Fault) -> Self {
        let text = fault.to_string();
        match fault {
            Fault::Unknown(_) => Self::Unavailable(text),
            Fault::Refused { .. } => Self::Refused(text),
        }
    }
}

impl StripeClientErr for Fault {
    fn deserialize_err(why: impl std::fmt::Display) -> Self {
        Self::Unknown(format!("an answer that is not understood: {why}"))
    }
}

impl Http {
    pub(super) fn new(url: &Url, key: Secret) -> Result<Self, OutboundError> {
        // The usual address needs no exception; any other is one that the operator chose.
        let trusted = url.host_str().filter(|_| !Stripe::usual_url(url));
        Ok(Self {
            out: Outbound::new(url.host_str(), trusted)?,
            url: url.clone(),
            key,
        })
    }

    /// Asks for what the library's part that we have does not know. `key`: the same one is the same deed.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        key: Option<&str>,
    ) -> Result<T, Fault> {
        let answer = self.send(request, key).await?;
        // The error names a place at most: values of an answer are not repeated.
        serde_json::from_slice(&answer)
            .map_err(|e| Fault::deserialize_err(format!("{:?} at line {}", e.classify(), e.line())))
    }

    fn request(&self, request: RequestBuilder, key: Option<&str>) -> Result<Request, Fault> {
        let mut url = self.url.clone();
        let before = url.path().trim_end_matches('/');
        let path = format!("{before}/v1{}", request.path);
        url.set_path(&path);
        url.set_query(request.query.as_deref().filter(|query| !query.is_empty()));
        let method = match request.method {
            StripeMethod::Get => Method::GET,
            StripeMethod::Post => Method::POST,
            StripeMethod::Delete => Method::DELETE,
        };
        let mut made = Request::new(method, url);
        let headers = made.headers_mut();
        headers.insert(AUTHORIZATION, self.authorization()?);
        headers.insert(
            "stripe-version",
            plain(stripe_shared::version::VERSION.as_str())?,
        );
        if let Some(key) = key {
            headers.insert("idempotency-key", plain(key)?);
        }
        if let Some(body) = request.body {
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            made.headers_mut().insert(CONTENT_TYPE, kind);
            *made.body_mut() = Some(body.into());
        }
        Ok(made)
    }

    fn authorization(&self) -> Result<HeaderValue, Fault> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.key.expose()))
            .map_err(|_| Fault::refused("payment.stripe_secret_key is no key"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl Http {
    /// Sends a request that needs none of the library's own types for what comes back.
    pub(super) async fn send(
        &self,
        request: RequestBuilder,
        key: Option<&str>,
    ) -> Result<bytes::Bytes, Fault> {
        let request = self.request(request, key)?;
        let answer = self.out.send(request).await.map_err(|error| match error {
            OutboundError::Forbidden(_) => Fault::refused(error.to_string()),
            // With its address, but that says nothing that is secret: everything is in the body.
            OutboundError::TooLarge | OutboundError::Failed(_) => Fault::Unknown(chain(&error)),
        })?;
        match answer.status {
            200..=299 => Ok(answer.body.into()),
            status => Err(judge(status, &answer.body)),
        }
    }
}

fn plain(text: &str) -> Result<HeaderValue, Fault> {
    HeaderValue::from_str(text).map_err(|_| Fault::refused("a header that cannot be written"))
}

impl StripeClient for Http {
    type Err = Fault;

    async fn execute(&self, request: CustomizedStripeRequest) -> Result<bytes::Bytes, Fault> {
        let (request, customized) = request.into_pieces();
        let key = customized
            .request_strategy
            .as_ref()
            .and_then(RequestStrategy::get_key);
        self.send(request, key.as_ref().map(|key| key.as_str()))
            .await
    }
}

#[derive(Default, Deserialize)]
struct Complaint {
    #[serde(default)]
    error: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

/// What an answer means that is none of success. Only where Stripe says that a request is not possible is it sure that
/// nothing happened: 409 and 429 ask to come again, 5xx leaves it open, and 401 and most 403 are about our key, not about
/// what was asked.
fn judge(status: u16, body: &[u8]) -> Fault {
    let Details { code, message } = serde_json::from_slice::<Complaint>(body)
        .unwrap_or_default()
        .error;
    let (code, message) = (code.unwrap_or_default(), message.unwrap_or_default());
    match status {
        400 | 402 | 404 => Fault::Refused { code, message },
        // About an account that is not connected any more.
        403 if code == "account_invalid" => Fault::Refused { code, message },
        _ => Fault::Unknown(format!("status {status}: {}", told(&code, &message))),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}
