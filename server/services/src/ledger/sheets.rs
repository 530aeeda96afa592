//! Figures as CSV and as a workbook. Names of columns are those of the database, since programs read them.

use domain::money::Money;

use super::report::{Report, ReportRow};
use crate::{
    Unexpected,
    sheet::{self, Cell},
};

/// A report, one line for each of its rows; amounts have a point.
pub fn report_sheet(report: &Report) -> Result<Vec<u8>, Unexpected> {
    let cells = lines(report).map(|line| line.map(Cell::into_text));
    sheet::records(std::iter::once(HEADINGS.map(str::to_owned)).chain(cells))
}

/// The same as a workbook (XLSX), whose amounts are numbers.
pub fn report_book(report: &Report) -> Result<Vec<u8>, Unexpected> {
    sheet::workbook("report", HEADINGS, lines(report))
}

const HEADINGS: [&str; 13] = [
    "key",
    "name",
    "currency",
    "orders",
    "gross",
    "refunded",
    "disputed",
    "dispute_fees",
    "tax",
    "fees",
    "net",
    "costs",
    "owed",
];

fn lines(report: &Report) -> impl Iterator<Item = [Cell; 13]> + '_ {
    report.rows.iter().map(|row: &ReportRow| {
        let amount = |money: Money| Cell::Amount(money);
        let maybe = |money: Option<Money>| money.map_or(Cell::Nothing, Cell::Amount);
        [
            Cell::Text(row.key.clone()),
            Cell::Text(row.name.clone()),
            Cell::Text(row.gross.currency.to_string()),
            Cell::Count(row.orders),
            amount(row.gross),
            amount(row.refunded),
            amount(row.disputed),
            amount(row.dispute_fees),
            amount(row.tax),
            amount(row.fees),
            amount(row.net),
            maybe(row.costs),
            maybe(row.owed),
        ]
    })
}
