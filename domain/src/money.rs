//! Amounts of money in minor units, with their currency. No floats: a cent lost to rounding is a cent stolen.
//!
//! How an amount is shown to people is a matter of language and lives with the translations.

use std::{fmt, ops::Neg, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    planted::{Bug, planted},
    text::Fault,
};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Details {
    code: &'static str,
    exponent: u8,
}

/// A currency of ISO 4217 that Bilten sells in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(&'static Details);

macro_rules! currencies {
    ($($code:ident $exponent:literal),+ $(,)?) => {
        impl Currency {
            $(
                #[doc = concat!("ISO 4217 ", stringify!($code), ", with ", stringify!($exponent), " decimals.")]
                pub const $code: Currency = Currency(&Details { code: stringify!($code), exponent: $exponent });
            )+

            /// Every currency that is known, in alphabetical order.
            pub const fn all() -> &'static [Currency] {
                const ALL: &[Currency] = &[$(Currency::$code),+];
                ALL
            }
        }
    };
}

// Decimals as in ISO 4217, which differs from everyday use for some currencies (HUF, ISK, LBP).
currencies! {
    AED 2, ARS 2, AUD 2, BAM 2, BHD 3, BRL 2, CAD 2, CHF 2, CLP 0, CNY 2, COP 2, CZK 2, DKK 2, DZD 2, EGP 2, EUR 2,
    GBP 2, GEL 2, HKD 2, HUF 2, IDR 2, ILS 2, INR 2, IQD 3, ISK 0, JOD 3, JPY 0, KES 2, KRW 0, KWD 3, LBP 2, LYD 3,
    MAD 2, MXN 2, MYR 2, NGN 2, NOK 2, NZD 2, OMR 3, PHP 2, PLN 2, QAR 2, RON 2, RSD 2, SAR 2, SEK 2, SGD 2, THB 2,
    TND 3, TRY 2, TWD 2, UAH 2, USD 2, VND 0, ZAR 2,
}

impl Currency {
    /// How many decimals the currency has.
    pub const fn exponent(self) -> u8 {
        self.0.exponent
    }

    /// The three letters.
    pub const fn as_str(self) -> &'static str {
        self.0.code
    }

    /// In how many of its smallest units cards move it: in tens where it has three decimals.
    /// <https://docs.stripe.com/currencies#three-decimal>
    pub const fn step(self) -> i64 {
        if self.exponent() < 3 { 1 } else { 10 }
    }

    /// How many minor units make one major unit.
    fn scale(self) -> i64 {
        10_i64.pow(u32::from(self.exponent()))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let text = text.trim();
        let mut all = Self::all().iter().copied();
        all.find(|currency| currency.as_str().eq_ignore_ascii_case(text))
            .ok_or(MoneyError::UnknownCurrency)
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.as_str().to_owned()
    }
}

/// Why amounts could not be combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyError {
    /// The amounts are in different currencies.
    #[error("different currencies")]
    CurrencyMismatch,
    /// The result does not fit.
    #[error("amount too large")]
    Overflow,
    /// The text names no known currency.
    #[error("unknown currency")]
    UnknownCurrency,
}

impl MoneyError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CurrencyMismatch => "currency_mismatch",
            Self::Overflow => "money_overflow",
            Self::UnknownCurrency => "unknown_currency",
        }
    }
}

/// An amount in minor units (cents, fils, yen) of one currency; may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in minor units.
    pub minor: i64,
    /// The currency that gives the minor unit its worth.
    pub currency: Currency,
}

impl Money {
    /// No form accepts more major units than this, so that sums stay far from the edge of `i64`.
    pub const LARGEST_TYPED_MAJOR: i64 = 1_000_000_000;

    /// An amount of minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// Whether the amount is exactly nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether the amount is below nothing.
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether cards can move exactly this much, by the steps of the currency.
    pub const fn is_in_steps(self) -> bool {
        self.minor % self.currency.step() == 0
    }

    /// As much of it as cards can move: towards nothing.
    #[must_use]
    pub const fn in_steps(self) -> Self {
        Self::new(
            self.minor - self.minor % self.currency.step(),
            self.currency,
        )
    }

    /// The sum; refuses different currencies and overflow.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// The difference; refuses different currencies and overflow.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    /// The amount taken `times` times; refuses overflow.
    pub fn checked_mul(self, times: u32) -> Result<Self, MoneyError> {
        let minor = self
            .minor
            .checked_mul(i64::from(times))
            .ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Sums amounts of one currency; nothing at all sums to zero.
    pub fn checked_sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts
            .into_iter()
            .try_fold(Self::zero(currency), Self::checked_add)
    }

    /// The given percentage, half a minor unit rounded away from zero.
    pub fn percent(self, percent: u32) -> Result<Self, MoneyError> {
        let hundredfold = i128::from(self.minor) * i128::from(percent);
        let half = if hundredfold < 0 { -50 } else { 50 };
        let half = if planted(Bug::RoundingLost) { 0 } else { half };
        let minor = i64::try_from((hundredfold + half) / 100).map_err(|_| MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    fn combine(self, other: Self, with: fn(i64, i64) -> Option<i64>) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let minor = with(self.minor, other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Reads an amount as people type it: "12", "12.50", "12,50", "١٢٫٥٠". There is no grouping sign, because
    /// "1,250" would mean two things; negative amounts are not numbers here.
    pub fn parse_major(text: &str, currency: Currency) -> Result<Self, Fault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Fault::Required);
        }
        let (whole, fraction) = match text.split_once(['.', ',', '٫']) {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(Fault::NotANumber),
            None => (text, ""),
        };
        let too_large = Fault::TooLarge {
            max: Self::LARGEST_TYPED_MAJOR,
        };
        let whole = digits(whole)?;
        let decimals = usize::from(currency.exponent());
        // Zeros beyond the decimals change nothing, so they are no fault ("500.00" JPY).
        let mut fraction =
            digits(fraction).map(|digits| digits.trim_end_matches('0').to_owned())?;
        if fraction.len() > decimals {
            return Err(Fault::TooPrecise {
                max: currency.exponent(),
            });
        }
        while fraction.len() < decimals {
            fraction.push('0');
        }
        let number = |digits: &str| {
            if digits.is_empty() {
                Ok(0)
            } else {
                digits.parse::<i64>()
            }
        };
        let major = number(&whole).map_err(|_| too_large.clone())?;
        let rest = number(&fraction).map_err(|_| Fault::NotANumber)?;
        if major > Self::LARGEST_TYPED_MAJOR {
            return Err(too_large);
        }
        let minor = major
            .checked_mul(currency.scale())
            .and_then(|minor| minor.checked_add(rest));
        Ok(Self::new(minor.ok_or(too_large)?, currency))
    }

    /// The amount with a point and all decimals of its currency ("48.20"), for machines and form fields.
    pub fn to_decimal_string(self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let width = usize::from(self.currency.exponent());
        let digits = format!("{:0>least$}", self.minor.unsigned_abs(), least = width + 1);
        let (whole, fraction) = digits.split_at(digits.len() - width);
        let point = if width == 0 { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }
}

/// Western, Arabic and Persian digits as western ones; anything else is no number.
fn digits(text: &str) -> Result<String, Fault> {
    text.chars()
        .map(|sign| match sign {
            '0'..='9' => Ok(sign),
            _ => crate::text::western_digit(sign).ok_or(Fault::NotANumber),
        })
        .collect()
}

impl Neg for Money {
    type Output = Self;

    /// The opposite amount. The one amount without an opposite (`i64::MIN`) becomes the largest one, which no
    /// balance check accepts.
    fn neg(self) -> Self {
        Self {
            minor: self.minor.saturating_neg(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
