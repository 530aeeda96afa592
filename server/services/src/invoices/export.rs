//! The documents of a month as a CSV file (RFC 4180) for the bookkeeper, in portions.

use domain::invoices::Kind;
use futures::{Stream, stream};
use locales::{Locale, documents, exports};

use super::list::{InvoiceRow, ListInvoices, Month, cursor, page};
use crate::{
    Services, Unexpected,
    permit::{Permit, ViewOrders},
    sheet,
};

const PORTION: usize = 500;
/// Tells spreadsheets that the text is UTF-8, which they otherwise get wrong for Arabic.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// The file piece by piece, headings first, newest document first.
pub fn export_month(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    month: Month,
    locale: Locale,
) -> impl Stream<Item = Result<Vec<u8>, Unexpected>> + Send + use<> {
    let (sv, permit) = (sv.clone(), permit.clone());
    stream::try_unfold(State::Start, move |state| {
        let (sv, permit) = (sv.clone(), permit.clone());
        async move { piece(&sv, &permit, (month, locale), state).await }
    })
}

enum State {
    Start,
    After(Option<String>),
    End,
}

async fn piece(
    sv: &Services,
    permit: &Permit<ViewOrders>,
    (month, l): (Month, Locale),
    state: State,
) -> Result<Option<(Vec<u8>, State)>, Unexpected> {
    let cursor_text = match state {
        State::End => return Ok(None),
        State::Start => {
            let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
            bytes.extend(sheet::records([headings(l)])?);
            return Ok(Some((bytes, State::After(None))));
        }
        State::After(cursor) => cursor,
    };
    let ask = ListInvoices {
        month: Some(month),
        cursor: cursor_text,
        limit: 0,
    };
    let mut tx = sv.db.begin(permit.scope()).await?;
    let items = page(&mut tx, permit, &ask, PORTION).await?;
    tx.commit().await?;
    let bytes = sheet::records(items.iter().map(|row| cells(l, row)))?;
    let state = match items.last() {
        Some(last) if items.len() == PORTION => State::After(Some(cursor(last).encode())),
        _ => State::End,
    };
    Ok(Some((bytes, state)))
}

fn headings(l: Locale) -> [String; 10] {
    [
        exports::document_kind(l),
        exports::document_number(l),
        exports::document_date(l),
        exports::order_code(l),
        exports::document_buyer(l),
        exports::currency(l),
        exports::net(l),
        exports::tax(l),
        exports::total(l),
        exports::document_corrects(l),
    ]
    .map(ToOwned::to_owned)
}

/// Amounts as they stand on the document; that a credit note's are taken away is said by what it is.
fn cells(l: Locale, row: &InvoiceRow) -> [String; 10] {
    let kind = match row.kind {
        Kind::Invoice | Kind::Platform => documents::invoice(l),
        Kind::CreditNote | Kind::PlatformCredit => documents::credit_note(l),
    };
    [
        kind.to_owned(),
        row.number.clone(),
        row.issued_on.to_string(),
        row.order.clone(),
        row.buyer.clone(),
        row.total.currency.to_string(),
        row.net.to_decimal_string(),
        row.tax.to_decimal_string(),
        row.total.to_decimal_string(),
        row.corrects.clone().unwrap_or_default(),
    ]
}
