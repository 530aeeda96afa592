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

/// A rate of tax in thousandths of a percent.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rate(u16);

/// Reads a percentage as people type it, with up to two decimals, in hundredths of a percent.
pub fn hundredths(text: &str, largest: u16) -> Result<u16, Fault> {
    // A number with two decimals, as an amount in euros is.
    percentage(text, Currency::EUR, largest)
}

/// A percentage with as many decimals as the currency has.
fn percentage(text: &str, decimals_of: Currency, largest: u16) -> Result<u16, Fault> {
    let typed = text.trim().trim_end_matches(['%', '٪']);
    let read = Money::parse_major(typed, decimals_of)?.minor;
    u16::try_from(read)
        .ok()
        .filter(|read| *read <= largest)
        .ok_or(Fault::TooLarge {
            max: i64::from(largest) / 10_i64.pow(u32::from(decimals_of.exponent())),
        })
}

/// How many thousandths of a percent the whole has.
const WHOLE: u32 = 100_000;

impl Rate {
    /// No tax.
    pub const ZERO: Self = Self(0);
    /// The greatest rate that is taken for one: 50 %.
    pub const LARGEST: Self = Self(50_000);

    /// Refuses what is no rate.
    pub const fn from_thousandths(thousandths: u16) -> Option<Self> {
        if thousandths <= Self::LARGEST.0 {
            Some(Self(thousandths))
        } else {
            None
        }
    }

    /// Of hundredths of a percent, in which laws write rates; refuses what is no rate.
    pub const fn from_bp(bp: u16) -> Option<Self> {
        match bp.checked_mul(10) {
            Some(thousandths) => Self::from_thousandths(thousandths),
            None => None,
        }
    }

    /// In thousandths of a percent.
    pub const fn thousandths(self) -> u16 {
        self.0
    }

    /// Whether it is no tax.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads a percentage as people type it: "19", "8.1", "9,5", "8.875", "١٩".
    pub fn parse(text: &str) -> Result<Self, Fault> {
        // A number with three decimals, as an amount in dinars is.
        percentage(text, Currency::KWD, Self::LARGEST.0).map(Self)
    }

    /// What of an amount that contains the tax is the tax, half a minor unit rounded up.
    pub(super) fn contained_in(self, amount: Money) -> Result<Money, PricingError> {
        let rate = u32::from(self.0);
        let minor = share(amount.minor, rate, WHOLE + rate)?;
        Ok(Money { minor, ..amount })
    }

    /// The same, for whoever adds up amounts that are no prices.
    pub fn within(self, amount: Money) -> Result<Money, MoneyError> {
        self.contained_in(amount).map_err(|_| MoneyError::Overflow)
    }

    /// The tax on top of an amount, half a minor unit rounded up.
    pub(super) fn on_top_of(self, amount: Money) -> Result<Money, PricingError> {
        let minor = share(amount.minor, u32::from(self.0), WHOLE)?;
        Ok(Money { minor, ..amount })
    }

    /// The most that an amount without the tax can be, where with it is this; never rounded up.
    pub(super) fn without(self, amount: Money) -> Money {
        let whole = i128::from(WHOLE);
        let net = i128::from(amount.minor) * whole / (whole + i128::from(self.0));
        // No more than what it was taken of, so it fits.
        let minor = i64::try_from(net).unwrap_or(amount.minor);
        Money { minor, ..amount }
    }
}

impl fmt::Display for Rate {
    /// "19", "8.1", "25.25", "8.875": for machines and form fields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1_000, self.0 % 1_000);
        match (rest, rest % 10, rest % 100) {
            (0, _, _) => write!(f, "{whole}"),
            (_, _, 0) => write!(f, "{whole}.{}", rest / 100),
            (_, 0, _) => write!(f, "{whole}.{:02}", rest / 10),
            (_, _, _) => write!(f, "{whole}.{rest:03}"),
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
        for (text, thousandths) in [
            ("19", 19_000),
            (" 8.1 %", 8_100),
            ("9,5", 9_500),
            ("0", 0),
            ("25.50", 25_500),
            ("٨٫١", 8_100),
            // New York City: 4.5 for itself, 4 for the state, 0.375 for commuters.
            ("8.875", 8_875),
            ("0.001", 1),
            ("50", 50_000),
        ] {
            let read = Rate::parse(text).map(Rate::thousandths);
            assert_eq!(read, Ok(thousandths), "{text}");
        }
        for (text, fault) in [
            ("", Fault::Required),
            ("nineteen", Fault::NotANumber),
            ("-1", Fault::NotANumber),
            ("8.8755", Fault::TooPrecise { max: 3 }),
            ("50.001", Fault::TooLarge { max: 50 }),
            ("1900", Fault::TooLarge { max: 50 }),
        ] {
            assert_eq!(Rate::parse(text), Err(fault), "{text}");
        }
        // Fees have two decimals, as they had.
        assert_eq!(hundredths("2.5", 10_000), Ok(250));
        assert_eq!(
            hundredths("2.125", 10_000),
            Err(Fault::TooPrecise { max: 2 })
        );
        assert_eq!(
            hundredths("100.01", 10_000),
            Err(Fault::TooLarge { max: 100 })
        );
    }

    #[test]
    fn shown_rates() {
        for (thousandths, text) in [
            (19_000, "19"),
            (8_100, "8.1"),
            (25_500, "25.5"),
            (8_250, "8.25"),
            (8_875, "8.875"),
            (8_005, "8.005"),
            (0, "0"),
            (1_050, "1.05"),
        ] {
            let rate = Rate::from_thousandths(thousandths).unwrap();
            assert_eq!(rate.to_string(), text);
            assert_eq!(Rate::parse(text), Ok(rate));
        }
        assert_eq!(Rate::from_thousandths(50_001), None);
        assert_eq!(Rate::from_bp(5_001), None);
        assert_eq!(Rate::from_bp(u16::MAX), None);
        assert_eq!(Rate::from_bp(1_900), Rate::from_thousandths(19_000));
    }
}
