//! The one error that crosses the wire. It names what is wrong by a stable code and never carries a cause; the words
//! are chosen where it is shown, in the reader's language.

pub use domain::text::FieldError;
use domain::text::{Fault, FieldErrors};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use locales::Locale;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What kind of refusal it is; decides the HTTP status and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    NotFound,
    Unauthenticated,
    Forbidden,
    /// What was sent is not acceptable; the fields say what to change.
    Invalid,
    /// Acceptable in itself, but not in the state things are in now.
    Conflict,
    /// It existed and will not come back.
    Gone,
    TooMany,
    /// Overloaded; the same request is welcome again soon.
    Busy,
    Internal,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    pub kind: ErrorKind,
    pub code: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
    /// What a person can quote to support; only for faults on our side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
    /// Seconds until trying again makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl ApiError {
    #[must_use]
    pub fn new(kind: ErrorKind, code: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            fields: Vec::new(),
            incident: None,
            retry_after: None,
        }
    }

    #[must_use]
    pub fn not_found() -> Self {
        Self::new(ErrorKind::NotFound, "not_found")
    }

    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(ErrorKind::Unauthenticated, "unauthenticated")
    }

    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(ErrorKind::Forbidden, "forbidden")
    }

    /// Several fields are wrong.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self {
            fields,
            ..Self::new(ErrorKind::Invalid, "invalid")
        }
    }

    /// One field is wrong.
    #[must_use]
    pub fn field(field: &str, fault: Fault) -> Self {
        FieldErrors::one(field, fault).into()
    }

    #[must_use]
    pub fn conflict(code: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, code)
    }

    #[must_use]
    pub fn gone(code: impl Into<String>) -> Self {
        Self::new(ErrorKind::Gone, code)
    }

    #[must_use]
    pub fn too_many(retry_after: u32) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(ErrorKind::TooMany, "too_many")
        }
    }

    #[must_use]
    pub fn busy(retry_after: u32) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(ErrorKind::Busy, "busy")
        }
    }

    #[must_use]
    pub fn internal(incident: impl Into<String>) -> Self {
        Self {
            incident: Some(incident.into()),
            ..Self::new(ErrorKind::Internal, "internal")
        }
    }

    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.kind {
            ErrorKind::NotFound => 404,
            ErrorKind::Unauthenticated => 401,
            ErrorKind::Forbidden => 403,
            ErrorKind::Invalid => 422,
            ErrorKind::Conflict => 409,
            ErrorKind::Gone => 410,
            ErrorKind::TooMany => 429,
            ErrorKind::Busy => 503,
            ErrorKind::Internal => 500,
        }
    }

    /// The sentence for the whole.
    #[must_use]
    pub fn text(&self, l: Locale) -> String {
        match (self.kind, self.retry_after) {
            (ErrorKind::Busy, Some(seconds)) if self.code == "busy" => {
                locales::errors::busy_in(l, seconds)
            }
            _ => locales::errors::text(l, &self.code).to_owned(),
        }
    }

    /// The sentence for one field, if that field is at fault.
    #[must_use]
    pub fn field_text(&self, l: Locale, field: &str) -> Option<String> {
        let fault = self.fields.iter().find(|fault| fault.field == field)?;
        Some(locales::faults::text(l, &fault.code, &fault.params))
    }

    /// Gives the page being rendered the status of this error. Answers of server functions get theirs from the layer
    /// around them, so this is for pages only. Does nothing in the browser.
    pub fn set_page_status(&self) {
        #[cfg(feature = "ssr")]
        if let (Some(response), Ok(status)) = (
            leptos::prelude::use_context::<leptos_axum::ResponseOptions>(),
            http::StatusCode::from_u16(self.status()),
        ) {
            response.set_status(status);
        }
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Self::invalid(errors.entries().to_vec())
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => {
                Self::new(ErrorKind::Invalid, "bad_request")
            }
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::UnsupportedRequestMethod(_) => {
                Self::new(ErrorKind::Busy, "network")
            }
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Response(_) => Self::new(ErrorKind::Internal, "internal"),
        }
    }
}

/// The JSON form, which [`FromStr`] reads back.
impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for ApiError {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes() {
        let error = ApiError {
            retry_after: Some(3),
            incident: Some("a1".into()),
            ..ApiError::invalid(vec![FieldError {
                field: "name".into(),
                code: "too_long".into(),
                params: vec![("max".into(), "80".into())],
            }])
        };
        assert_eq!(error.to_string().parse::<ApiError>().unwrap(), error);
        assert_eq!(
            ApiError::busy(2).to_string().parse::<ApiError>().unwrap(),
            ApiError::busy(2)
        );
    }

    #[test]
    fn a_field_has_its_sentence() {
        let error = ApiError::field("email", Fault::Required);
        assert_eq!(
            error.field_text(Locale::En, "email").as_deref(),
            Some("Please fill this in.")
        );
        assert_eq!(error.field_text(Locale::En, "name"), None);
    }
}
