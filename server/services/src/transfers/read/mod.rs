//! Reads what a bank gives away: CAMT.053 (ISO 20022) and tables (CSV). A file comes from a stranger until it is read: it has a
//! size, no entities, and no depth.

mod camt;
mod table;

use domain::{
    money::Currency,
    transfers::{Statement, StatementError},
};

/// No statement is larger.
pub const MAX_BYTES: usize = 10 * 1024 * 1024;
/// No statement has more lines.
pub const MAX_LINES: usize = 20_000;

/// Why a file is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("no file")]
    Empty,
    #[error("too large")]
    TooLarge,
    #[error("more lines than allowed")]
    TooManyLines,
    /// Neither of the formats.
    #[error("not a statement")]
    UnknownFormat,
    /// It is not what it says, or does what a statement has no need to.
    #[error("damaged, in or near line {line}")]
    Damaged { line: usize },
    /// A table whose columns for day or amount have names that are not known.
    #[error("columns are missing")]
    MissingColumns,
    #[error("no lines that are booked")]
    NoLines,
    #[error(transparent)]
    Statement(#[from] StatementError),
}

impl ReadError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "statement_empty",
            Self::TooLarge => "payload_too_large",
            Self::TooManyLines => "statement_too_many_lines",
            Self::UnknownFormat => "statement_unknown_format",
            Self::Damaged { .. } => "statement_damaged",
            Self::MissingColumns => "statement_missing_columns",
            Self::NoLines => "statement_no_lines",
            Self::Statement(e) => e.code(),
        }
    }
}

/// A file that was read: a statement for each account and day.
#[derive(Debug)]
pub struct Read {
    pub format: &'static str,
    pub statements: Vec<Statement>,
}

/// `currency` is that of the account, for tables that do not say.
pub fn read(bytes: &[u8], currency: Currency) -> Result<Read, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooLarge);
    }
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bare.iter().find(|byte| !byte.is_ascii_whitespace());
    let read = match start {
        None => return Err(ReadError::Empty),
        Some(b'<') => Read {
            format: "camt053",
            statements: camt::read(bare)?,
        },
        Some(_) => Read {
            format: "csv",
            statements: vec![table::read(bare, currency)?],
        },
    };
    let lines: usize = read.statements.iter().map(|one| one.lines.len()).sum();
    if lines > MAX_LINES {
        return Err(ReadError::TooManyLines);
    }
    if lines == 0 {
        return Err(ReadError::NoLines);
    }
    for statement in &read.statements {
        statement.check()?;
    }
    Ok(read)
}

/// Texts of banks are shown to people: no line breaks, nothing invisible, and not without end.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(|sign: char| sign.is_whitespace() || sign.is_control()) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.chars()
        .filter(|sign| !matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}'..='\u{200f}' | '\u{feff}'))
        .take(500)
        .collect()
}

#[cfg(test)]
mod tests;
