//! Invoices to buyers and credit notes: issued behind the scenes after payment and refund, never changed, printed anew
//! from what was written down whenever somebody asks.
//!
//! Numbers have no gaps: whoever takes some holds the series until the documents that bear them are committed. So that
//! the sale itself never waits for that, what has to be issued waits in `invoices_due`, and is issued in portions.
//! What the platform itself bills is in [`platform`].

mod correct;
mod credit;
mod due;
mod export;
mod issue;
mod list;
mod loss;
mod made;
mod number;
pub mod platform;
mod rows;
mod seller;
mod settings;
mod show;
mod turn;

pub(crate) use correct::{Corrected, correct};
pub use due::issue_due;
pub(crate) use due::{expect, expect_all};
pub use export::export_month;
pub(crate) use list::of_order;
pub use list::{InvoiceRow, ListInvoices, Month, list};
pub(crate) use loss::{credit_loss, tax_back, undo_loss};
pub use number::{Drawn, draw};
pub use settings::{InvoiceSettings, SetInvoiceSettings, set_settings, settings};
pub use show::{Printed, print, print_by_secret};
pub(crate) use turn::take_turn;

use domain::invoices::{CreditError, Document};

use crate::Unexpected;

/// The most invoices one order may have: each correction makes one more.
pub const MOST_PER_ORDER: i64 = 5;

/// Amounts that do not add up are a fault of ours, and of this row.
fn unfitting(id: impl std::fmt::Display, e: CreditError) -> Unexpected {
    Unexpected::bad_row("invoices", id, e)
}

/// A document as it was written down.
fn read(id: impl std::fmt::Display, document: serde_json::Value) -> Result<Document, Unexpected> {
    serde_json::from_value(document).map_err(|e| Unexpected::bad_row("invoices", id, e))
}
