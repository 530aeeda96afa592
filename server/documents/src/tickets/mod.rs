//! The tickets of an order on paper, a page each.

mod page;

use jiff::civil::Date;
use krilla::metadata::Metadata;
use locales::Locale;

use crate::{DocumentError, file, text};

/// What stands on the tickets of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tickets {
    /// The language of the words around.
    pub locale: Locale,
    pub title: String,
    /// Words for beginning and end, on the clocks of the place.
    pub when: String,
    /// The place from its name to its city, or that it is online.
    pub place: String,
    pub organizer: String,
    /// Where questions go.
    pub organizer_email: String,
    /// The order's code.
    pub order: String,
    /// The day of the file.
    pub printed_on: Date,
    /// How many tickets the order has, printed or not.
    pub all: usize,
    pub tickets: Vec<Ticket>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Which of the order's, from one.
    pub number: usize,
    pub kind: String,
    pub holder: String,
    pub code: Squares,
}

/// A QR code without the white around it, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squares {
    pub side: usize,
    /// `side * side` of them; dark ones are true.
    pub dark: Vec<bool>,
}

/// The tickets as PDF. The same tickets give the same bytes.
///
/// # Errors
/// When there is no ticket, or a fault of ours.
pub fn tickets(tickets: &Tickets) -> Result<Vec<u8>, DocumentError> {
    let fonts = text::fonts()?;
    let l = tickets.locale;
    let mut pdf = file::open()?;
    for ticket in &tickets.tickets {
        file::page(&mut pdf, fonts, l, |sheet| {
            page::draw(tickets, ticket, fonts, sheet);
        })?;
    }
    let named = Metadata::new()
        .title(tickets.title.clone())
        .authors(vec![tickets.organizer.clone()])
        .creation_date(file::moment(tickets.printed_on))
        .document_id(format!("{} {}", tickets.order, tickets.tickets.len()));
    pdf.set_metadata(file::described(named, l));
    file::finish(pdf)
}

#[cfg(test)]
mod tests;
