//! What an order costs. The unit price is the whole price: nothing is added later.

use serde::{Deserialize, Serialize};

use crate::{
    ids::TicketTypeId,
    money::{Money, MoneyError},
};

/// What is wanted of one ticket type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The type.
    pub ticket_type: TicketTypeId,
    /// The whole price of one.
    pub unit: Money,
    /// How many.
    pub quantity: u32,
}

/// One priced line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    /// The type.
    pub ticket_type: TicketTypeId,
    /// The whole price of one.
    pub unit: Money,
    /// How many.
    pub quantity: u32,
    /// The price of the line.
    pub total: Money,
}

/// A priced order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// In the order in which they were asked for.
    pub lines: Vec<QuoteLine>,
    /// The sum of the lines.
    pub total: Money,
}

/// Why there is no price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricingError {
    /// Nothing was asked for.
    #[error("nothing was chosen")]
    Empty,
    /// A line asks for none.
    #[error("a quantity of zero")]
    ZeroQuantity,
    /// A price is below nothing.
    #[error("a negative price")]
    NegativePrice,
    /// The lines are in different currencies.
    #[error("different currencies in one order")]
    MixedCurrencies,
    /// The total does not fit.
    #[error("total too large")]
    Overflow,
}

impl PricingError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "nothing_chosen",
            Self::ZeroQuantity => "zero_quantity",
            Self::NegativePrice => "negative_price",
            Self::MixedCurrencies => "mixed_currencies",
            Self::Overflow => "total_too_large",
        }
    }
}

impl From<MoneyError> for PricingError {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::CurrencyMismatch | MoneyError::UnknownCurrency => Self::MixedCurrencies,
            MoneyError::Overflow => Self::Overflow,
        }
    }
}

/// Prices an order in one currency.
pub fn quote(lines: &[Line]) -> Result<Quote, PricingError> {
    let currency = lines.first().ok_or(PricingError::Empty)?.unit.currency;
    let mut total = Money::zero(currency);
    let mut priced = Vec::with_capacity(lines.len());
    for Line {
        ticket_type,
        unit,
        quantity,
    } in lines.iter().copied()
    {
        if quantity == 0 {
            return Err(PricingError::ZeroQuantity);
        }
        if unit.is_negative() {
            return Err(PricingError::NegativePrice);
        }
        let of_line = unit.checked_mul(quantity)?;
        total = total.checked_add(of_line)?;
        priced.push(QuoteLine {
            ticket_type,
            unit,
            quantity,
            total: of_line,
        });
    }
    Ok(Quote {
        lines: priced,
        total,
    })
}

/// The lowest of the prices ("from 12.00"); none when there are none or their currencies differ.
pub fn lowest(prices: impl IntoIterator<Item = Money>) -> Option<Money> {
    let mut prices = prices.into_iter();
    let first = prices.next()?;
    prices.try_fold(first, |lowest, price| {
        (price.currency == lowest.currency).then_some(if price.minor < lowest.minor {
            price
        } else {
            lowest
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::money::Currency;

    fn line(minor: i64, currency: Currency, quantity: u32) -> Line {
        Line {
            ticket_type: TicketTypeId::new(Uuid::nil()),
            unit: Money::new(minor, currency),
            quantity,
        }
    }

    #[test]
    fn lines_add_up() {
        let quote = quote(&[line(1250, Currency::EUR, 2), line(0, Currency::EUR, 3)]).unwrap();
        assert_eq!(quote.total, Money::new(2500, Currency::EUR));
        assert_eq!(quote.lines[0].total, Money::new(2500, Currency::EUR));
    }

    #[test]
    fn nonsense_has_no_price() {
        let eur = Currency::EUR;
        for (lines, error) in [
            (vec![], PricingError::Empty),
            (vec![line(1, eur, 0)], PricingError::ZeroQuantity),
            (vec![line(-1, eur, 1)], PricingError::NegativePrice),
            (
                vec![line(1, eur, 1), line(1, Currency::USD, 1)],
                PricingError::MixedCurrencies,
            ),
            (vec![line(i64::MAX, eur, 2)], PricingError::Overflow),
            (
                vec![line(i64::MAX, eur, 1), line(1, eur, 1)],
                PricingError::Overflow,
            ),
        ] {
            assert_eq!(quote(&lines), Err(error));
        }
    }

    #[test]
    fn lowest_price() {
        let [eur, usd] = [Currency::EUR, Currency::USD];
        assert_eq!(
            lowest([5, 3, 4].map(|minor| Money::new(minor, eur))),
            Some(Money::new(3, eur))
        );
        assert_eq!(lowest([]), None);
        assert_eq!(lowest([Money::new(1, eur), Money::new(1, usd)]), None);
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_of_units(lines in proptest::collection::vec((0..10_000_i64, 1..20_u32), 1..10)) {
            let asked: Vec<_> = lines.iter().map(|(minor, quantity)| line(*minor, Currency::KWD, *quantity)).collect();
            let sum: i64 = lines.iter().map(|(minor, quantity)| minor * i64::from(*quantity)).sum();
            prop_assert_eq!(quote(&asked).unwrap().total.minor, sum);
        }
    }
}
