//! All payouts of an organization, to be taken away. Names of columns are those of the database, since programs read them;
//! times are UTC.

use super::list::{PayoutRow, all};
use crate::{
    Services, Unexpected,
    permit::{Permit, ViewFinances},
    sheet::{self, Cell},
};

const HEADINGS: [&str; 9] = [
    "number",
    "state",
    "currency",
    "amount",
    "account",
    "reference",
    "requested_at",
    "ended_at",
    "returned_at",
];

/// As CSV.
pub async fn payouts_sheet(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Vec<u8>, Unexpected> {
    let rows = all(sv, permit).await?;
    let cells = rows.into_iter().map(|row| line(row).map(Cell::into_text));
    sheet::records(std::iter::once(HEADINGS.map(str::to_owned)).chain(cells))
}

/// As a workbook (XLSX), whose amounts are numbers.
pub async fn payouts_book(
    sv: &Services,
    permit: &Permit<ViewFinances>,
) -> Result<Vec<u8>, Unexpected> {
    let rows = all(sv, permit).await?;
    sheet::workbook("payouts", HEADINGS, rows.into_iter().map(line))
}

fn line(row: PayoutRow) -> [Cell; 9] {
    let at = |at: Option<domain::when::Timestamp>| {
        at.map_or(Cell::Nothing, |at| Cell::Text(at.to_string()))
    };
    [
        Cell::Count(u32::try_from(row.number).unwrap_or_default()),
        Cell::Text(row.state.code().to_owned()),
        Cell::Text(row.amount.currency.to_string()),
        Cell::Amount(row.amount),
        Cell::Text(row.last_four),
        Cell::Text(row.reference),
        at(Some(row.requested_at)),
        at(row.ended_at),
        at(row.returned_at),
    ]
}
