//! Reads columns into types. What does not fit names its table and row, for the log.

use std::{fmt::Display, str::FromStr};

use domain::money::{Currency, Money};
use domain::when::Timestamp;

use crate::Unexpected;

/// A text column that holds one of our codes.
pub(crate) fn coded<T: FromStr>(
    table: &str,
    id: impl Display,
    text: &str,
) -> Result<T, Unexpected> {
    text.parse()
        .map_err(|_| Unexpected::bad_row(table, id, text))
}

/// An amount and its currency.
pub(crate) fn money(
    table: &str,
    id: impl Display,
    minor: i64,
    currency: &str,
) -> Result<Money, Unexpected> {
    let currency: Currency = coded(table, id, currency)?;
    Ok(Money::new(minor, currency))
}

/// A count that a check keeps at or above nothing.
pub(crate) fn count(
    table: &str,
    id: impl Display,
    number: impl TryInto<u32> + Copy + Display,
) -> Result<u32, Unexpected> {
    number
        .try_into()
        .map_err(|_| Unexpected::bad_row(table, id, number))
}

/// A count on its way into an `integer` column.
pub(crate) fn int(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A count on its way into a `smallint` column.
pub(crate) fn small(number: u32) -> i16 {
    i16::try_from(number).unwrap_or(i16::MAX)
}

/// An instant on its way into a column.
pub(crate) fn at(instant: Timestamp) -> jiff_sqlx::Timestamp {
    jiff_sqlx::Timestamp::from(instant)
}
