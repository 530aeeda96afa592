//! Tickets that are given in for others: what they count for, what is still to be paid, what goes back.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    money::{Currency, Money, MoneyError},
    when::{Timestamp, shift},
};

/// What an event lets its buyers do by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeTerms {
    /// Until how many hours before the start.
    pub until_hours: u16,
    /// For each ticket that is given in, in the event's currency.
    pub fee_minor: i64,
    /// What the new tickets cost less goes back; otherwise it stays with the organizer.
    pub returns_difference: bool,
}

impl ChangeTerms {
    /// The last instant. An event that was moved forward takes no time away, but nothing changes once it has begun.
    pub fn last_chance(&self, starts: Timestamp, agreed: Option<Timestamp>) -> Timestamp {
        let before = |start| {
            shift(
                start,
                -SignedDuration::from_hours(i64::from(self.until_hours)),
            )
        };
        let today = before(starts);
        agreed
            .map_or(today, |agreed| before(agreed).max(today))
            .min(starts)
    }

    /// Whether a buyer may still change something.
    pub fn is_open(&self, now: Timestamp, starts: Timestamp, agreed: Option<Timestamp>) -> bool {
        now < starts && now <= self.last_chance(starts, agreed)
    }

    /// The fee for one ticket.
    pub fn fee(&self, currency: Currency) -> Money {
        Money::new(self.fee_minor.max(0), currency)
    }
}

/// Whose rules an exchange follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExchangeRules {
    /// For each ticket; of a ticket that cost less, only what it cost.
    pub fee_each: Money,
    /// Whether a difference goes back.
    pub returns_difference: bool,
}

/// Where the money of an exchange goes. `fee` and `kept` stay in the old order, `credit` moves into the new one, `back` goes
/// to the buyer, `to_pay` comes from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeMoney {
    /// What the tickets count for: what was paid for them without the fee, and no more than is still there.
    pub value: Money,
    /// What changing costs.
    pub fee: Money,
    /// Pays for the new tickets.
    pub credit: Money,
    /// What is still to be paid for them.
    pub to_pay: Money,
    /// Goes back to the buyer.
    pub back: Money,
    /// Is worth more than the new tickets, and stays.
    pub kept: Money,
}

impl ExchangeMoney {
    /// For tickets that cost `given`, out of an order of whose money `left` is still there, for new ones of `wanted` in all.
    ///
    /// # Errors
    /// When currencies differ, or sums are too large.
    pub fn of(
        given: &[Money],
        left: Money,
        wanted: Money,
        rules: ExchangeRules,
    ) -> Result<Self, MoneyError> {
        let currency = wanted.currency;
        let price = Money::checked_sum(currency, given.iter().copied())?;
        let fees = given.iter().map(|price| Money {
            minor: rules.fee_each.minor.clamp(0, price.minor.max(0)),
            ..*price
        });
        let fee = Money::checked_sum(currency, fees)?;
        // Refuses another currency.
        left.checked_sub(wanted)?;
        let value = price.checked_sub(fee)?;
        let value = Money::new(value.minor.min(left.minor).max(0), currency);
        let credit = Money::new(value.minor.min(wanted.minor).max(0), currency);
        let over = value.checked_sub(credit)?;
        let nothing = Money::zero(currency);
        let (back, kept) = if rules.returns_difference {
            (over, nothing)
        } else {
            (nothing, over)
        };
        Ok(Self {
            value,
            fee,
            credit,
            to_pay: wanted.checked_sub(credit)?,
            back,
            kept,
        })
    }
}

/// Shares `taken` out of a payment among the orders that hold its money: first the one that was paid with it, then the
/// others, in the order given. No order bears more than it holds.
pub fn borne_by_each(holds: &[Money], taken: Money) -> Vec<Money> {
    let mut rest = taken.minor.max(0);
    holds
        .iter()
        .map(|held| {
            let borne = held.minor.clamp(0, rest);
            rest -= borne;
            Money::new(borne, held.currency)
        })
        .collect()
}

/// Takes `amount` out of what payments hold, in the order given; nothing where it is not there.
pub fn spread<P: Copy>(funds: &[(P, Money)], amount: Money) -> Option<Vec<(P, Money)>> {
    let mut rest = amount.minor;
    let mut parts = Vec::new();
    for (payment, held) in funds {
        let part = held.minor.clamp(0, rest.max(0));
        if part > 0 {
            parts.push((*payment, Money::new(part, amount.currency)));
            rest -= part;
        }
    }
    (rest == 0).then_some(parts)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn rules(fee: i64, returns_difference: bool) -> ExchangeRules {
        ExchangeRules {
            fee_each: eur(fee),
            returns_difference,
        }
    }

    #[test]
    fn up_down_and_even() {
        let table = [
            // given, left, wanted, fee, returns: value, fee, credit, to pay, back, kept
            (
                vec![2000],
                2000,
                3400,
                0,
                false,
                [2000, 0, 2000, 1400, 0, 0],
            ),
            (vec![2000], 2000, 2000, 0, true, [2000, 0, 2000, 0, 0, 0]),
            (vec![2000], 2000, 1500, 0, true, [2000, 0, 1500, 0, 500, 0]),
            (vec![2000], 2000, 1500, 0, false, [2000, 0, 1500, 0, 0, 500]),
            (
                vec![2000],
                2000,
                2000,
                200,
                true,
                [1800, 200, 1800, 200, 0, 0],
            ),
            // A ticket that cost less than the fee counts for nothing, not for less.
            (vec![150], 150, 1000, 200, true, [0, 150, 0, 1000, 0, 0]),
            (vec![0], 0, 1000, 200, true, [0, 0, 0, 1000, 0, 0]),
            // Some of the money went back before.
            (
                vec![2000, 2000],
                2500,
                4000,
                0,
                true,
                [2500, 0, 2500, 1500, 0, 0],
            ),
            // Nothing is given in: something is added.
            (vec![], 4000, 900, 200, true, [0, 0, 0, 900, 0, 0]),
        ];
        for (given, left, wanted, fee, returns, expected) in table {
            let given: Vec<_> = given.into_iter().map(eur).collect();
            let money =
                ExchangeMoney::of(&given, eur(left), eur(wanted), rules(fee, returns)).unwrap();
            let ExchangeMoney {
                value,
                fee,
                credit,
                to_pay,
                back,
                kept,
            } = money;
            let got = [value, fee, credit, to_pay, back, kept].map(|part| part.minor);
            assert_eq!(got, expected, "{given:?} of {left} for {wanted}");
        }
        let other = Money::new(100, Currency::USD);
        assert_eq!(
            ExchangeMoney::of(&[eur(100)], eur(100), other, rules(0, true)),
            Err(MoneyError::CurrencyMismatch)
        );
    }

    #[test]
    fn the_last_chance_is_the_later_one_but_never_after_the_start() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let terms = ChangeTerms {
            until_hours: 1,
            fee_minor: 0,
            returns_difference: true,
        };
        assert_eq!(terms.last_chance(at(36_000), None), at(32_400));
        assert_eq!(terms.last_chance(at(36_000), Some(at(37_000))), at(33_400));
        assert_eq!(terms.last_chance(at(36_000), Some(at(90_000))), at(36_000));
        assert_eq!(terms.last_chance(at(36_000), Some(at(1000))), at(32_400));
        assert!(terms.is_open(at(32_400), at(36_000), None));
        assert!(!terms.is_open(at(32_401), at(36_000), None));
        assert!(!terms.is_open(at(36_000), at(36_000), Some(at(90_000))));
    }

    proptest! {
        #[test]
        fn no_money_appears_or_vanishes(
            currency in select(Currency::all()),
            given in vec(0..1_000_000_i64, 0..6),
            gone in 0..2_000_000_i64,
            wanted in 0..4_000_000_i64,
            fee in 0..5000_i64,
            returns_difference in any::<bool>(),
        ) {
            let of = |minor| Money::new(minor, currency);
            let paid: i64 = given.iter().sum();
            let left = (paid - gone).max(0);
            let prices: Vec<_> = given.iter().copied().map(of).collect();
            let rules = ExchangeRules { fee_each: of(fee), returns_difference };
            let money = ExchangeMoney::of(&prices, of(left), of(wanted), rules).unwrap();
            prop_assert_eq!(money.credit.minor + money.to_pay.minor, wanted);
            prop_assert_eq!(money.credit.minor + money.back.minor + money.kept.minor, money.value.minor);
            prop_assert!(money.value.minor <= left && money.value.minor + money.fee.minor <= paid);
            for part in [money.value, money.fee, money.credit, money.to_pay, money.back, money.kept] {
                prop_assert!(part.minor >= 0);
            }
            prop_assert!(money.to_pay.is_zero() || (money.back.is_zero() && money.kept.is_zero()));
        }

        #[test]
        fn pieces_come_from_where_money_is(
            held in vec(0..1000_i64, 0..6),
            amount in 1..4000_i64,
        ) {
            let funds: Vec<_> = held.iter().copied().map(eur).enumerate().collect();
            let sum: i64 = held.iter().sum();
            match spread(&funds, eur(amount)) {
                Some(parts) => {
                    prop_assert_eq!(parts.iter().map(|(_, part)| part.minor).sum::<i64>(), amount);
                    for (from, part) in parts {
                        prop_assert!(part.minor > 0 && part.minor <= held[from]);
                    }
                }
                None => prop_assert!(sum < amount),
            }
            let money: Vec<_> = held.iter().copied().map(eur).collect();
            let borne = borne_by_each(&money, eur(amount));
            prop_assert_eq!(borne.iter().map(|part| part.minor).sum::<i64>(), sum.min(amount));
        }
    }
}
