//! Invoices and credit notes: what stands on them, how it adds up, and what goes back of it with a refund.
//!
//! A document is a value without links: whatever is printed stands in it, so that printing it again years later gives
//! the same. Amounts are those of EN 16931: each line's net amount and tax, summed per rate, summed per document.

mod billing;
mod credit;
mod identity;
mod number;
mod structured;
mod totals;
mod written;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    money::{Currency, Money, MoneyError},
    pricing::Rate,
};

pub use billing::{Billed, Biller, BillingError, Fees, fee_back, fee_line, last_day};
pub use credit::{CreditError, Credited, credit, left};
pub use identity::{country_of_vat_id, is_country, is_vat_id, normal_vat_id};
pub use number::{InvalidNumber, InvoiceNumber, Prefix, Series, Years};
pub use structured::Missing;
pub use totals::{TaxGroup, Totals, group};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To a buyer, for an order.
    Invoice,
    /// Takes back all or a part of an invoice.
    CreditNote,
    /// To an organization, for what the platform did.
    Platform,
    /// To an organization, where the platform has given more back than it took.
    PlatformCredit,
}

impl Kind {
    /// Stable name, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::CreditNote => "credit_note",
            Self::Platform => "platform",
            Self::PlatformCredit => "platform_credit",
        }
    }
}

impl std::str::FromStr for Kind {
    type Err = InvalidNumber;

    fn from_str(code: &str) -> Result<Self, InvalidNumber> {
        [
            Self::Invoice,
            Self::CreditNote,
            Self::Platform,
            Self::PlatformCredit,
        ]
        .into_iter()
        .find(|kind| kind.code() == code)
        .ok_or(InvalidNumber)
    }
}

/// How a line is taxed: the categories of EN 16931 (UNTDID 5305) that Bilten knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Category {
    /// At a rate.
    S,
    /// At a rate of zero.
    Z,
    /// Exempt, for a reason.
    E,
    /// The buyer owes the tax.
    AE,
    /// Not subject to tax at all.
    O,
}

impl Category {
    /// As written in the structured invoice.
    pub const fn code(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::Z => "Z",
            Self::E => "E",
            Self::AE => "AE",
            Self::O => "O",
        }
    }

    /// Whether EN 16931 asks why there is no tax.
    pub const fn wants_reason(self) -> bool {
        match self {
            Self::E | Self::AE | Self::O => true,
            Self::S | Self::Z => false,
        }
    }
}

/// Who sells or buys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub name: String,
    /// Street and what else comes before the postcode, a line each.
    pub address: Vec<String>,
    pub postcode: String,
    pub city: String,
    /// ISO 3166-1, two letters; empty when unknown.
    pub country: String,
    pub vat_id: String,
    /// What the tax office at home knows them by.
    pub tax_number: String,
    /// In a register of companies.
    pub registration: String,
    pub email: String,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "written::Line", into = "written::Line")]
pub struct Line {
    pub text: String,
    pub quantity: u32,
    /// Without tax, in minor units.
    pub net: i64,
    /// In minor units.
    pub tax: i64,
    /// By which the tax was worked out; nothing where there is none.
    pub rate: Rate,
    pub category: Category,
    /// Why there is no tax; empty where there is.
    pub reason: String,
}

impl Line {
    /// With tax.
    pub fn gross(&self) -> Result<i64, MoneyError> {
        self.net.checked_add(self.tax).ok_or(MoneyError::Overflow)
    }
}

/// Another document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub number: String,
    pub issued_on: Date,
}

/// Everything that stands on an invoice or a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub kind: Kind,
    pub number: String,
    pub issued_on: Date,
    /// When what was sold takes or took place.
    pub supplied_on: Option<Date>,
    pub paid_on: Option<Date>,
    /// Language of the visible page.
    pub locale: String,
    pub currency: Currency,
    pub seller: Party,
    pub buyer: Party,
    pub lines: Vec<Line>,
    /// The order's code; empty when there is none.
    pub order: String,
    /// What it is about, in one line: the event.
    pub subject: String,
    /// The invoice that a credit note takes back, or that this one replaces.
    pub corrects: Option<Reference>,
    /// The lost dispute that a credit note is for, as the provider calls it; on an invoice, the one that was not lost after all,
    /// whose credit note it cancels. Empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dispute: String,
}

impl Document {
    /// Adds everything up.
    pub fn totals(&self) -> Result<Totals, MoneyError> {
        group(&self.lines)
    }

    /// With tax.
    pub fn total(&self) -> Result<Money, MoneyError> {
        Ok(Money::new(self.totals()?.gross, self.currency))
    }
}

#[cfg(test)]
mod tests;
