//! Faults of the next answers: what a network and a provider in trouble do.

use crate::{error::Failure, http::Call, params::Params, state::State};

/// One fault, for so many requests.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// For how many requests.
    pub count: i64,
    /// Only for paths that begin so, as `/v1/refunds`.
    pub path: Option<String>,
    /// Only for this method.
    pub method: Option<String>,
    /// Milliseconds that the request waits.
    pub millis: u64,
    /// Seconds of `Retry-After`.
    pub retry_after: i64,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 500, and nothing was done.
    Error,
    /// 500, though it was done.
    ErrorAfter,
    /// 429, and nothing was done.
    RateLimit,
    /// No answer, and nothing was done.
    TimeoutBefore,
    /// No answer, though it was done: the outcome is unknown to the one who asked.
    TimeoutAfter,
    /// The answer comes late.
    Slow,
}

/// The words of the control address.
pub const KINDS: &[(&str, Kind)] = &[
    ("error", Kind::Error),
    ("error_after", Kind::ErrorAfter),
    ("rate_limit", Kind::RateLimit),
    ("timeout_before", Kind::TimeoutBefore),
    ("timeout_after", Kind::TimeoutAfter),
    ("slow", Kind::Slow),
];

impl Fault {
    /// Reads a fault from the control address's parameters.
    pub fn from_params(params: &Params) -> Result<Self, Failure> {
        let word = params.need("kind")?;
        let known = KINDS
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, kind)| *kind);
        let kind = known.ok_or_else(|| {
            let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
            Failure::invalid(format!("Unknown kind {word}: one of {}", names.join(", ")))
                .param("kind")
        })?;
        Ok(Fault {
            kind,
            count: params.int("count")?.unwrap_or(1),
            path: params.text("path").map(str::to_owned),
            method: params.text("method").map(str::to_uppercase),
            millis: params
                .int("ms")?
                .and_then(|ms| u64::try_from(ms).ok())
                .unwrap_or(0),
            retry_after: params.int("retry_after")?.unwrap_or(1),
        })
    }
}

impl State {
    /// The fault that is meant for a request, if there is one; it is used up.
    pub fn fault_for(&mut self, call: &Call) -> Option<Fault> {
        let url = call.url();
        let at = self.faults.iter().position(|fault| {
            fault
                .path
                .as_ref()
                .is_none_or(|path| url.starts_with(path.as_str()))
                && fault
                    .method
                    .as_ref()
                    .is_none_or(|method| *method == call.method)
        })?;
        let fault = self.faults[at].clone();
        self.faults[at].count -= 1;
        if self.faults[at].count <= 0 {
            self.faults.remove(at);
        }
        Some(fault)
    }
}
