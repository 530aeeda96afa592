//! Tables (CSV), as banks let people download them. What the columns are called says what they are.

use domain::{
    money::{Currency, Money},
    transfers::{Line, Statement, parse_signed},
};
use jiff::civil::Date;

use super::{MAX_LINES, ReadError, tidy};

/// Some banks write a few lines about the account before the table.
const PREAMBLE: usize = 20;

const DAY: &[&str] = &[
    "booking date",
    "buchungstag",
    "buchungsdatum",
    "date",
    "datum",
    "transaction date",
    "booked",
    "completed date",
    "date comptable",
];
const AMOUNT: &[&str] = &[
    "amount",
    "betrag",
    "betrag (eur)",
    "amount (eur)",
    "umsatz",
    "montant",
    "importe",
    "importo",
];
const CREDIT: &[&str] = &[
    "credit",
    "haben",
    "gutschrift",
    "paid in",
    "money in",
    "crédit",
];
const DEBIT: &[&str] = &[
    "debit",
    "soll",
    "belastung",
    "paid out",
    "money out",
    "débit",
];
const CURRENCY: &[&str] = &["currency", "währung", "waehrung", "devise"];
const PARTY: &[&str] = &[
    "name",
    "payer",
    "counterparty",
    "payee",
    "auftraggeber/empfänger",
    "beguenstigter/zahlungspflichtiger",
    "begünstigter/zahlungspflichtiger",
    "zahlungspflichtige*r",
    "name zahlungsbeteiligter",
    "counterparty name",
    "partner name",
];
const ACCOUNT: &[&str] = &[
    "iban",
    "account",
    "counterparty iban",
    "kontonummer/iban",
    "iban zahlungsbeteiligter",
    "partner iban",
    "account number",
    "konto",
];
const TEXT: &[&str] = &[
    "reference",
    "verwendungszweck",
    "purpose",
    "description",
    "remittance information",
    "payment reference",
    "details",
    "buchungstext",
    "memo",
    "libellé",
    "text",
];
const BANK_REF: &[&str] = &[
    "bank reference",
    "transaction id",
    "id",
    "bankreferenz",
    "referenznummer",
];

struct Columns {
    day: usize,
    amount: Option<usize>,
    credit: Option<usize>,
    debit: Option<usize>,
    currency: Option<usize>,
    party: Option<usize>,
    account: Option<usize>,
    text: Vec<usize>,
    bank_ref: Option<usize>,
}

impl Columns {
    fn find(header: &csv::StringRecord) -> Option<Self> {
        let names: Vec<String> = header
            .iter()
            .map(|name| tidy(name).to_lowercase())
            .collect();
        let one = |known: &[&str]| {
            known
                .iter()
                .find_map(|known| names.iter().position(|name| name == known))
        };
        let found = Self {
            day: one(DAY)?,
            amount: one(AMOUNT),
            credit: one(CREDIT),
            debit: one(DEBIT),
            currency: one(CURRENCY),
            party: one(PARTY),
            account: one(ACCOUNT),
            text: (0..names.len())
                .filter(|place| {
                    names
                        .get(*place)
                        .is_some_and(|name| TEXT.contains(&name.as_str()))
                })
                .collect(),
            bank_ref: one(BANK_REF),
        };
        (found.amount.is_some() || found.credit.is_some()).then_some(found)
    }
}

/// The only statement of a table, whose account and balances it does not tell.
pub(super) fn read(bytes: &[u8], currency: Currency) -> Result<Statement, ReadError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // Older programs write one byte for each sign (ISO 8859-1).
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    };
    if text.contains('\0') {
        return Err(ReadError::UnknownFormat);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut columns = None;
    let mut lines = Vec::new();
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|_| ReadError::Damaged { line: n + 1 })?;
        let Some(known) = &columns else {
            columns = Columns::find(&record);
            if columns.is_none() && n >= PREAMBLE {
                return Err(ReadError::MissingColumns);
            }
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = line(known, &record, currency);
        lines.push(line.ok_or(ReadError::Damaged { line: n + 1 })?);
        if lines.len() > MAX_LINES {
            return Err(ReadError::TooManyLines);
        }
    }
    if columns.is_none() {
        return Err(ReadError::MissingColumns);
    }
    Ok(Statement {
        account: String::new(),
        currency,
        opening: None,
        closing: None,
        lines,
    })
}

/// Whichever sign stands most often in the first lines.
fn separator(text: &str) -> u8 {
    let head: String = text.lines().take(PREAMBLE).collect();
    let often = |sign: &u8| head.bytes().filter(|byte| byte == sign).count();
    [b';', b'\t', b',']
        .into_iter()
        .rev()
        .max_by_key(often)
        .unwrap_or(b',')
}

fn line(columns: &Columns, record: &csv::StringRecord, currency: Currency) -> Option<Line> {
    let cell = |place: Option<usize>| {
        place
            .and_then(|place| record.get(place))
            .unwrap_or("")
            .trim()
    };
    let currency = match cell(columns.currency) {
        "" => currency,
        named => named.to_uppercase().parse().ok()?,
    };
    let column = |place| match cell(place) {
        "" => Some(Money::zero(currency)),
        text => parse_signed(text, currency),
    };
    let amount = if columns.amount.is_some() {
        parse_signed(cell(columns.amount), currency)?
    } else {
        let debit = column(columns.debit)?;
        let debit = if debit.is_negative() { debit } else { -debit };
        column(columns.credit)?.checked_add(debit).ok()?
    };
    let text: Vec<&str> = columns
        .text
        .iter()
        .map(|place| cell(Some(*place)))
        .collect();
    Some(Line {
        booked_on: day(cell(Some(columns.day)))?,
        amount,
        bank_ref: tidy(cell(columns.bank_ref)),
        party: tidy(cell(columns.party)),
        party_account: tidy(cell(columns.account)),
        text: tidy(&text.join(" ")),
    })
}

/// "2026-11-27", "27.11.2026", "27.11.26" or "27/11/2026": days before months, as everywhere but in one country, whose dates
/// would be taken for others; so a day above 12 in the second place is refused rather than turned round.
fn day(text: &str) -> Option<Date> {
    let text = text.split([' ', 'T']).next()?;
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split(['.', '/']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let year: i16 = year.parse().ok()?;
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}
