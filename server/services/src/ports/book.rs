//! The book of a payment provider: what it took, sent and charged, line by line.

use domain::{books::LineKind, money::Money, when::Timestamp};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookLine {
    /// The provider's name for it; two lines never have the same.
    pub reference: String,
    pub kind: LineKind,
    /// What it is in the provider's words.
    pub name: String,
    /// Before the fee; below nothing where money was taken away.
    pub amount: Money,
    /// What the provider charges; below nothing where it gives back.
    pub fee: Money,
    /// What the buyer paid or got back, where the provider changed the currency; below nothing as the amount is.
    pub original: Option<Money>,
    /// The charge, refund, dispute or payout that it comes from.
    pub source: Option<String>,
    /// What that belongs to in turn, where money went straight on: the charge of a transfer or a fee, the transfer or the fee
    /// of what was taken or given back of it.
    pub parent: Option<String>,
    /// The payment that this belongs to, as `charge_ref` of payments names it.
    pub charge_ref: Option<String>,
    pub at: Timestamp,
}

/// Some lines, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BookPage {
    pub lines: Vec<BookLine>,
    /// Older ones follow.
    pub more: bool,
}
