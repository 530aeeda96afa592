//! Tax in prices: whether it is in them already, how much it is, and which rates there are.

pub mod rates;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{PricingError, share};
use crate::{
    codes::coded_enum,
    money::{Currency, Money, MoneyError},
    text::Fault,
};

coded_enum! {
    /// How an organizer's prices and tax belong together.
    pub enum TaxMode {
        /// Nothing was said: no tax is shown.
        None = "none",
        /// Owes none, and says why.
        SmallBusiness = "small_business",
        /// Typed prices contain it.
        Included = "included",
        /// It comes on top of typed prices; shown prices contain it.
        Added = "added",
    }
}

impl TaxMode {
    /// Whether tax is charged at all.
    pub const fn charges(self) -> bool {
        matches!(self, Self::Included | Self::Added)
    }
}

/// A rate of tax in hundredths of a percent.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rate(u16);

/// Reads a percentage as people type it, with up to two decimals, in hundredths of a percent.
pub fn hundredths(text: &str, largest: u16) -> Result<u16, Fault> {
    // A number with two decimals, as an amount in euros is.
    let typed = text.trim().trim_end_matches(['%', '٪']);
    let read = Money::parse_major(typed, Currency::EUR)?.minor;
    u16::try_from(read)
        .ok()
        .filter(|read| *read <= largest)
        .ok_or(Fault::TooLarge {
            max: i64::from(largest / 100),
        })
}

impl Rate {
    /// No tax.
    pub const ZERO: Self = Self(0);
    /// The greatest rate that is taken for one: 50 %.
    pub const LARGEST: Self = Self(5000);

    /// Refuses what is no rate.
    pub const fn from_bp(bp: u16) -> Option<Self> {
        if bp <= Self::LARGEST.0 {
            Some(Self(bp))
        } else {
            None
        }
    }

    /// In hundredths of a percent.
    pub const fn bp(self) -> u16 {
        self.0
    }

    /// Whether it is no tax.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads a percentage as people type it: "19", "8.1", "9,5", "١٩".
    pub fn parse(text: &str) -> Result<Self, Fault> {
        hundredths(text, Self::LARGEST.0).map(Self)
    }

    /// What of an amount that contains the tax is the tax, half a minor unit rounded up.
    pub(super) fn contained_in(self, amount: Money) -> Result<Money, PricingError> {
        let bp = u32::from(self.0);
        let minor = share(amount.minor, bp, 10_000 + bp)?;
        Ok(Money { minor, ..amount })
    }

    /// The same, for whoever adds up amounts that are no prices.
    pub fn within(self, amount: Money) -> Result<Money, MoneyError> {
        self.contained_in(amount).map_err(|_| MoneyError::Overflow)
    }

    /// The tax on top of an amount, half a minor unit rounded up.
    pub(super) fn on_top_of(self, amount: Money) -> Result<Money, PricingError> {
        let minor = share(amount.minor, u32::from(self.0), 10_000)?;
        Ok(Money { minor, ..amount })
    }

    /// The most that an amount without the tax can be, where with it is this; never rounded up.
    pub(super) fn without(self, amount: Money) -> Money {
        let net = i128::from(amount.minor) * 10_000 / (10_000 + i128::from(self.0));
        // No more than what it was taken of, so it fits.
        let minor = i64::try_from(net).unwrap_or(amount.minor);
        Money { minor, ..amount }
    }
}

impl fmt::Display for Rate {
    /// "19", "8.1", "25.25": for machines and form fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", rest / 10),
            (_, _) => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// The tax within a whole price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tax {
    /// There is none.
    None,
    /// As much as the rate says of whatever is paid.
    Contained {
        /// Of the net price.
        rate: Rate,
    },
    /// As much as was put on top of each.
    Added {
        /// By which it was worked out.
        rate: Rate,
        /// On top of one.
        each: Money,
    },
    /// The buyer, a business in another state of the Union, owes it; there is none in the price.
    ReverseCharge,
}

impl Tax {
    /// The rate; none is a rate of nothing.
    pub const fn rate(&self) -> Rate {
        match self {
            Self::None | Self::ReverseCharge => Rate::ZERO,
            Self::Contained { rate } | Self::Added { rate, .. } => *rate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_rates() {
        for (text, bp) in [
            ("19", 1900),
            (" 8.1 %", 810),
            ("9,5", 950),
            ("0", 0),
            ("25.50", 2550),
            ("٨٫١", 810),
            ("50", 5000),
        ] {
            assert_eq!(Rate::parse(text).map(Rate::bp), Ok(bp), "{text}");
        }
        for (text, fault) in [
            ("", Fault::Required),
            ("nineteen", Fault::NotANumber),
            ("-1", Fault::NotANumber),
            ("8.875", Fault::TooPrecise { max: 2 }),
            ("50.01", Fault::TooLarge { max: 50 }),
            ("1900", Fault::TooLarge { max: 50 }),
        ] {
            assert_eq!(Rate::parse(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn shown_rates() {
        for (bp, text) in [
            (1900, "19"),
            (810, "8.1"),
            (2550, "25.5"),
            (825, "8.25"),
            (0, "0"),
            (105, "1.05"),
        ] {
            let rate = Rate::from_bp(bp).unwrap();
            assert_eq!(rate.to_string(), text);
            assert_eq!(Rate::parse(text), Ok(rate));
        }
        assert_eq!(Rate::from_bp(5001), None);
    }
}
