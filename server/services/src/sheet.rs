//! Rows for spreadsheets.

use domain::money::Money;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::Unexpected;

/// One cell of a table that can become either kind of file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Nothing,
    Text(String),
    Count(u32),
    Amount(Money),
}

impl Cell {
    /// As it stands in CSV.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text,
            Self::Count(count) => count.to_string(),
            Self::Amount(money) => money.to_decimal_string(),
        }
    }
}

/// A workbook (XLSX) of one sheet, whose first line stays in sight. Text is text, so that nothing in it is a formula.
pub(crate) fn workbook<const N: usize>(
    name: &str,
    headings: [&str; N],
    rows: impl IntoIterator<Item = [Cell; N]>,
) -> Result<Vec<u8>, Unexpected> {
    write(name, headings, rows).map_err(|e| Unexpected::new("xlsx", e))
}

fn write<const N: usize>(
    name: &str,
    headings: [&str; N],
    rows: impl IntoIterator<Item = [Cell; N]>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    let bold = Format::new().set_bold();
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        sheet.set_column_width(column, 14)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let amounts = [
        Format::new().set_num_format("0"),
        Format::new().set_num_format("0.00"),
        Format::new().set_num_format("0.000"),
    ];
    for (row, cells) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            put(sheet, (row, column), cell, &amounts)?;
        }
    }
    book.save_to_buffer()
}

fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: Cell,
    amounts: &[Format; 3],
) -> Result<(), XlsxError> {
    match cell {
        Cell::Nothing => {}
        Cell::Text(text) => {
            sheet.write_string(row, column, text)?;
        }
        Cell::Count(count) => {
            sheet.write_number(row, column, count)?;
        }
        Cell::Amount(money) => {
            let [whole, cents, mils] = amounts;
            let format = match money.currency.exponent() {
                0 => whole,
                3 => mils,
                _ => cents,
            };
            let text = money.to_decimal_string();
            // A workbook keeps its numbers so. Up to fifteen digits they are what the text says; longer ones stay text.
            match text.parse::<f64>() {
                Ok(number) if text.len() <= 15 => {
                    sheet.write_number_with_format(row, column, number, format)?;
                }
                _ => {
                    sheet.write_string(row, column, text)?;
                }
            }
        }
    }
    Ok(())
}

/// Rows of CSV (RFC 4180).
pub(crate) fn records<const N: usize>(
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<Vec<u8>, Unexpected> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.map(harmless))
            .map_err(|e| Unexpected::new("csv", e))?;
    }
    writer
        .into_inner()
        .map_err(|e| Unexpected::new("csv", e.to_string()))
}

/// Spreadsheets run a cell that starts like a formula, and a name can start like one. An apostrophe makes it text
/// (OWASP, CSV injection). A number below zero is no formula, and stays a number.
fn harmless(cell: String) -> String {
    let digits = cell.strip_prefix('-').unwrap_or_default();
    let number = !digits.is_empty()
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use domain::money::{Currency, Money};

    use super::{Cell, harmless, workbook};

    #[test]
    fn a_workbook_is_one() {
        let rows = [
            [
                Cell::Text("=1+1".into()),
                Cell::Amount(Money::new(-1_234, Currency::EUR)),
            ],
            [
                Cell::Nothing,
                Cell::Amount(Money::new(i64::MAX, Currency::KWD)),
            ],
        ];
        let bytes = workbook("report", ["name", "gross"], rows).unwrap();
        // A ZIP archive with the parts of a workbook; the library's own tests look inside.
        assert!(bytes.starts_with(b"PK"));
        let names = String::from_utf8_lossy(&bytes);
        assert!(names.contains("xl/worksheets/sheet1.xml"));
    }

    #[test]
    fn formulas_become_text() {
        for formula in ["=1+1", "+1", "-1+1", "-", "-A1", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(harmless(formula.to_owned()), format!("'{formula}"));
        }
        assert_eq!(harmless("-12.50".to_owned()), "-12.50");
        assert_eq!(harmless("Ada = Lovelace".to_owned()), "Ada = Lovelace");
    }
}
