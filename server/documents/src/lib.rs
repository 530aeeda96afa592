//! What is printed: tickets, a page each ([`tickets`]); invoices and credit notes, a page for people, and within the same
//! file the data for machines.
//!
//! [`pdf`] makes a PDF/A-3b whose page is in the buyer's language; where the data suffice it carries the structured
//! invoice of EN 16931 (Factur-X) that [`xml`] makes. Both are pure functions of a [`Document`]: the same document gives
//! the same bytes, so that nothing has to be kept but the document. A package of its own, so that what writes PDF files
//! is compiled once and optimised.

mod file;
mod page;
mod pdf;
mod sheet;
mod text;
mod tickets;
mod words;
mod xml;
mod xmp;

use domain::{invoices::Document, money::MoneyError};

pub use tickets::{Squares, Ticket, Tickets, tickets};

/// What the structured invoice is called inside the PDF (Factur-X 1.08, 6.2.2).
pub const EMBEDDED: &str = "factur-x.xml";

/// Why a document could not be made. Each means a fault of ours, not of whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Amounts that do not add up.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The XML writer refused.
    #[error("the structured invoice cannot be written: {0}")]
    Xml(#[from] std::io::Error),
    /// The PDF writer refused.
    #[error("the PDF cannot be written: {0}")]
    Pdf(String),
}

/// The structured invoice; `None` when data are missing that it must have ([`Document::missing`]).
///
/// # Errors
/// When the amounts do not add up.
pub fn xml(document: &Document) -> Result<Option<String>, DocumentError> {
    if document.missing().is_empty() {
        xml::write(document).map(Some)
    } else {
        Ok(None)
    }
}

/// The document as PDF/A-3b.
///
/// # Errors
/// When the amounts do not add up.
pub fn pdf(document: &Document) -> Result<Vec<u8>, DocumentError> {
    pdf::write(document, xml(document)?)
}

#[cfg(test)]
mod tests;
