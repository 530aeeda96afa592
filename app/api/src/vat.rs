//! What a register of VAT ids says of one.

use domain::pricing::VatStanding;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// Shown beside an id that somebody was asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatCheckView {
    pub standing: VatStanding,
    /// UTC; when the register said so.
    pub at: Option<DateTime>,
    /// By which the register knows the question; empty where it gave nothing.
    pub identifier: String,
    /// The register was asked in vain since.
    pub in_vain: bool,
}

#[cfg(feature = "ssr")]
impl From<services::vat::VatCheck> for VatCheckView {
    fn from(check: services::vat::VatCheck) -> Self {
        Self {
            standing: check.standing,
            at: check.at.map(|at| jiff::tz::Offset::UTC.to_datetime(at)),
            identifier: check.identifier,
            in_vain: check.in_vain,
        }
    }
}
