//! Rows for spreadsheets.

use crate::Unexpected;

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
    use super::harmless;

    #[test]
    fn formulas_become_text() {
        for formula in ["=1+1", "+1", "-1+1", "-", "-A1", "@SUM(A1)", "\t=1", "＝1"] {
            assert_eq!(harmless(formula.to_owned()), format!("'{formula}"));
        }
        assert_eq!(harmless("-12.50".to_owned()), "-12.50");
        assert_eq!(harmless("Ada = Lovelace".to_owned()), "Ada = Lovelace");
    }
}
