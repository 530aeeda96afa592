//! Orders whose sums do not work out for us.

use domain::{
    ids::TicketTypeId,
    ledger::{Posting, Takings},
    money::{Currency, Money},
    pricing::{Line, Price, quote},
};
use testkit::{Attack, tries};
use uuid::Uuid;

use crate::chance::Chance;

fn line(chance: &Chance) -> Line {
    let currency = if chance.below(5) == 0 {
        Currency::USD
    } else {
        Currency::EUR
    };
    let minor = match chance.below(6) {
        0 => i64::MAX - i64::try_from(chance.below(3)).unwrap(),
        1 => i64::MIN + i64::try_from(chance.below(3)).unwrap(),
        2 => -i64::try_from(chance.below(1000)).unwrap(),
        3 => i64::MAX / i64::try_from(1 + chance.below(9)).unwrap(),
        _ => i64::try_from(chance.below(100_000)).unwrap(),
    };
    let quantity = match chance.below(4) {
        0 => u32::MAX - u32::try_from(chance.below(2)).unwrap(),
        _ => u32::try_from(chance.below(12)).unwrap(),
    };
    Line {
        ticket_type: TicketTypeId::new(Uuid::nil()),
        price: Price::plain(Money::new(minor, currency)),
        quantity,
    }
}

#[test]
fn no_price_is_wrong() {
    let chance = Chance::new(12);
    let mut attack = Attack::on("orders with prices below nothing, too large, of two currencies");
    let count = tries(20_000, 1_000_000);
    for _ in 0..count {
        let lines: Vec<Line> = (0..chance.below(4)).map(|_| line(&chance)).collect();
        let exact: i128 = lines
            .iter()
            .map(|line| i128::from(line.price.unit.minor) * i128::from(line.quantity))
            .sum();
        let bad = lines.is_empty()
            || lines.iter().any(|line| {
                line.quantity == 0
                    || line.price.unit.minor < 0
                    || line.price.unit.currency != lines[0].price.unit.currency
            });
        let priced = quote(&lines);
        let wrong = priced
            .as_ref()
            .is_ok_and(|quote| bad || i128::from(quote.total.minor) != exact)
            || (priced.is_err() && !bad && exact <= i128::from(i64::MAX));
        attack.note(wrong, || format!("{lines:?} costs {priced:?}"));
    }
    attack.end(count);
}

/// Sold and given back in parts, so often that any lost part of a cent would show.
#[test]
fn nothing_is_lost_by_rounding() {
    let chance = Chance::new(13);
    let mut attack = Attack::on("orders that lose or gain by rounding");
    let count = tries(20_000, 1_000_000);
    let mut books: i128 = 0;
    for _ in 0..count {
        let paid = Money::new(
            i64::try_from(1 + chance.below(1_000_000)).unwrap(),
            Currency::EUR,
        );
        let percent = u32::try_from(chance.below(101)).unwrap();
        let back = paid.percent(percent).unwrap();
        let rest = paid.checked_sub(back).unwrap();
        let postings: Vec<_> = [
            Posting::sale(Takings::plain(paid)),
            Posting::refund(Takings::plain(back)),
            Posting::refund_sent(back),
        ]
        .into_iter()
        .flatten()
        .collect();
        let sum: i128 = postings
            .iter()
            .flat_map(Posting::entries)
            .map(|entry| i128::from(entry.amount.minor))
            .sum();
        books += sum;
        let exact = i128::from(paid.minor) * i128::from(percent);
        let off = (i128::from(back.minor) * 100 - exact).abs() > 50;
        let bad = sum != 0
            || off
            || back.is_negative()
            || rest.is_negative()
            || back.minor + rest.minor != paid.minor;
        attack.note(bad, || format!("{paid:?} at {percent} %"));
    }
    assert_eq!(books, 0);
    attack.end(count);
}
