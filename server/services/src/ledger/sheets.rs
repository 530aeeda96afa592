//! Figures as CSV. Names of columns are those of the database, since programs read them; amounts have a point.

use super::report::ReportRow;
use crate::{Unexpected, sheet};

/// A report, one line for each of its rows.
pub fn report_sheet(rows: &[ReportRow]) -> Result<Vec<u8>, Unexpected> {
    let headings = [
        "key", "name", "currency", "orders", "gross", "refunded", "disputed", "tax", "fees", "net",
    ];
    let cells = rows.iter().map(|row| {
        [
            row.key.clone(),
            row.name.clone(),
            row.gross.currency.to_string(),
            row.orders.to_string(),
            row.gross.to_decimal_string(),
            row.refunded.to_decimal_string(),
            row.disputed.to_decimal_string(),
            row.tax.to_decimal_string(),
            row.fees.to_decimal_string(),
            row.net.to_decimal_string(),
        ]
    });
    sheet::records(std::iter::once(headings.map(str::to_owned)).chain(cells))
}
