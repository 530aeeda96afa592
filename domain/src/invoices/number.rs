//! Numbers of documents: a prefix, the year where the series starts anew with it, and a count without gaps.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How a series treats years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Years {
    /// Counts from one each year, with the year in the number.
    Each,
    /// Counts on.
    Through,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number of a document")]
pub struct InvalidNumber;

/// What numbers of a series begin with: one to eight large letters or digits, so that a number is safe in addresses
/// and file names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefix(String);

impl Prefix {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Prefix {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let text = text.trim().to_ascii_uppercase();
        let fits =
            (1..=8).contains(&text.len()) && text.chars().all(|sign| sign.is_ascii_alphanumeric());
        fits.then_some(Self(text)).ok_or(InvalidNumber)
    }
}

impl TryFrom<String> for Prefix {
    type Error = InvalidNumber;

    fn try_from(text: String) -> Result<Self, InvalidNumber> {
        text.parse()
    }
}

impl From<Prefix> for String {
    fn from(prefix: Prefix) -> String {
        prefix.0
    }
}

/// A series, in a year where it counts by years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    pub prefix: Prefix,
    /// `None` when it counts through.
    pub year: Option<i16>,
}

impl Series {
    /// The n-th number: "R-2026-000017".
    pub fn number(&self, n: i64) -> InvoiceNumber {
        let prefix = self.prefix.as_str();
        InvoiceNumber(match self.year {
            Some(year) => format!("{prefix}-{year}-{n:06}"),
            None => format!("{prefix}-{n:06}"),
        })
    }
}

/// The number of one document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct InvoiceNumber(String);

impl InvoiceNumber {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InvoiceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for InvoiceNumber {
    type Err = InvalidNumber;

    fn from_str(text: &str) -> Result<Self, InvalidNumber> {
        let fits = (3..=40).contains(&text.len())
            && text
                .chars()
                .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '-');
        fits.then(|| Self(text.to_owned())).ok_or(InvalidNumber)
    }
}

impl TryFrom<String> for InvoiceNumber {
    type Error = InvalidNumber;

    fn try_from(text: String) -> Result<Self, InvalidNumber> {
        text.parse()
    }
}

impl From<InvoiceNumber> for String {
    fn from(number: InvoiceNumber) -> String {
        number.0
    }
}
