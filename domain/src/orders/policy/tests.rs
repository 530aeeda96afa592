use proptest::{collection::vec, prelude::*};

use super::*;
use crate::money::Currency;

const DAY: i64 = 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn tier(days_before: u16, percent: u8) -> RefundTier {
    RefundTier {
        days_before,
        percent,
    }
}

fn eur(price: i64, fee: i64) -> PaidFor {
    PaidFor {
        price: Money::new(price, Currency::EUR),
        fee: Money::new(fee, Currency::EUR),
    }
}

#[test]
fn the_share_falls_with_time() {
    let policy = RefundPolicy::new(vec![tier(1, 50), tier(14, 100)]).unwrap();
    let schedule = policy.schedule_in_utc(at(100 * DAY));
    for (now, minor) in [
        (0, 101),
        (86 * DAY, 101),
        (86 * DAY + 1, 51),
        (99 * DAY, 51),
        (99 * DAY + 1, 0),
        (101 * DAY, 0),
    ] {
        assert_eq!(schedule.due(at(now), eur(101, 7)).minor, minor, "at {now}");
    }
    assert_eq!(schedule.last_chance(), Some(at(99 * DAY)));
    let none = RefundPolicy::none().schedule_in_utc(at(100 * DAY));
    assert_eq!((none.percent_at(at(0)), none.last_chance()), (0, None));
}

#[test]
fn a_fee_that_is_kept_is_no_part_of_the_share() {
    let policy = RefundPolicy::new(vec![tier(0, 50)]).unwrap();
    let (returned, kept) = (policy.clone(), policy.with_fee_kept(true));
    let due = |policy: RefundPolicy, paid| policy.schedule_in_utc(at(DAY)).due(at(0), paid);
    assert_eq!(due(returned, eur(1050, 50)).minor, 525);
    assert_eq!(due(kept.clone(), eur(1050, 50)).minor, 500);
    // A fee above the price leaves nothing, never less.
    assert_eq!(due(kept, eur(10, 50)).minor, 0);
}

#[test]
fn a_part_of_three_decimals_goes_back_in_steps_that_cards_know() {
    let half = RefundPolicy::new(vec![tier(0, 50)]).unwrap();
    let whole = RefundPolicy::new(vec![tier(0, 100)]).unwrap();
    for (policy, minor, currency, back) in [
        (&half, 12_350, Currency::KWD, 6170),
        (&half, 12_345, Currency::KWD, 6170),
        (&half, 5, Currency::BHD, 0),
        (&whole, 12_345, Currency::KWD, 12_345),
        (&half, 999, Currency::EUR, 500),
        (&half, 1501, Currency::JPY, 751),
    ] {
        let paid = PaidFor {
            price: Money::new(minor, currency),
            fee: Money::zero(currency),
        };
        let due = policy.schedule_in_utc(at(DAY)).due(at(0), paid);
        assert_eq!(due.minor, back, "{minor} {currency}");
    }
}

#[test]
fn nothing_goes_back_once_it_has_begun() {
    let schedule = RefundPolicy::new(vec![tier(0, 100)])
        .unwrap()
        .schedule_in_utc(at(10));
    assert_eq!(
        [9, 10, 11].map(|now| schedule.percent_at(at(now))),
        [100, 0, 0]
    );
}

/// A night that has 25 hours moves the deadline by an hour, as the clock at the venue does.
#[test]
fn days_are_those_of_the_venue() {
    let starts = at(100 * DAY);
    let long_night = 95 * DAY;
    let policy = RefundPolicy::new(vec![tier(14, 100), tier(3, 50)]).unwrap();
    let schedule = policy.schedule(starts, |days| {
        let plain = 100 * DAY - i64::from(days) * DAY;
        at(if plain < long_night {
            plain - 3600
        } else {
            plain
        })
    });
    let until: Vec<_> = schedule.steps().iter().map(|step| step.until).collect();
    assert_eq!(until, [at(86 * DAY - 3600), at(97 * DAY)]);
}

#[test]
fn strange_policies_are_refused() {
    for (tiers, error) in [
        (vec![tier(1, 101)], RefundPolicyError::MoreThanAll),
        (
            vec![tier(1, 50), tier(1, 60)],
            RefundPolicyError::SameDayTwice,
        ),
        (
            vec![tier(1, 60), tier(2, 50)],
            RefundPolicyError::GrowsWithTime,
        ),
    ] {
        assert_eq!(RefundPolicy::new(tiers), Err(error));
    }
    assert!(serde_json::from_str::<RefundPolicy>(r#"[{"days_before":1,"percent":200}]"#).is_err());
}

#[test]
fn what_was_written_before_is_still_read() {
    let old = r#"[{"days_before":14,"percent":100}]"#;
    let read: RefundPolicy = serde_json::from_str(old).unwrap();
    assert!(!read.keeps_fee());
    assert_eq!(serde_json::to_string(&read).unwrap(), old);
    let kept = read.with_fee_kept(true);
    let again = serde_json::to_string(&kept).unwrap();
    assert_eq!(serde_json::from_str::<RefundPolicy>(&again).unwrap(), kept);
}

fn policies() -> impl Strategy<Value = RefundPolicy> {
    let tiers = vec((0..400_u16, 0..=100_u8), 0..5);
    (tiers, any::<bool>()).prop_map(|(tiers, keeps_fee)| {
        // Shares put into the order that a policy asks for.
        let (mut days, mut shares): (Vec<_>, Vec<_>) = tiers.into_iter().unzip();
        days.sort_unstable_by(|a, b| b.cmp(a));
        days.dedup();
        shares.sort_unstable_by(|a, b| b.cmp(a));
        let tiers = days.into_iter().zip(shares).map(|(d, p)| tier(d, p));
        RefundPolicy::new(tiers.collect())
            .unwrap()
            .with_fee_kept(keeps_fee)
    })
}

proptest! {
    #[test]
    fn never_more_than_was_paid_and_never_more_for_waiting(
        policy in policies(),
        (now, wait) in (0..500 * DAY, 0..100 * DAY),
        price in 0..=i64::MAX,
        fee in 0..=i64::MAX,
        hour in -2..=2_i64,
    ) {
        // Clocks that jump by some hours somewhere on the way.
        let schedule = policy.schedule(at(400 * DAY), |days| {
            let jump = if days % 3 == 0 { hour * 3600 } else { 0 };
            at((400 - i64::from(days)) * DAY + jump)
        });
        let paid = PaidFor {
            price: Money::new(price, Currency::JPY),
            fee: Money::new(fee.min(price), Currency::JPY),
        };
        let due = schedule.due(at(now), paid).minor;
        prop_assert!((0..=price).contains(&due));
        if policy.keeps_fee() {
            prop_assert!(due <= price - paid.fee.minor);
        }
        prop_assert!(schedule.due(at(now + wait), paid).minor <= due);
    }

    #[test]
    fn a_refund_is_off_by_half_a_minor_unit_at_most(
        policy in policies(),
        now in 0..400 * DAY,
        price in 0..100_000_000_000_i64,
        fee in 0..1_000_000_i64,
    ) {
        let schedule = policy.schedule_in_utc(at(400 * DAY));
        let paid = eur(price, fee.min(price));
        let base = if policy.keeps_fee() { price - paid.fee.minor } else { price };
        let exact = base * i64::from(schedule.percent_at(at(now)));
        let due = schedule.due(at(now), paid).minor;
        prop_assert!((due * 100 - exact).abs() <= 50, "{} for {}", due, exact);
    }

    /// Three decimals move by card in steps of ten: what cannot be sent is not promised, and no step more is lost.
    #[test]
    fn a_part_can_always_be_sent(
        policy in policies(),
        now in 0..400 * DAY,
        (price, fee) in (0..10_000_000_i64, 0..100_000_i64),
        currency in proptest::sample::select(Currency::all()),
    ) {
        let price = Money::new(price, currency).in_steps();
        let fee = Money::new(fee.min(price.minor), currency);
        let schedule = policy.schedule_in_utc(at(400 * DAY));
        let due = schedule.due(at(now), PaidFor { price, fee });
        prop_assert!(due.is_in_steps(), "{} of {}", due.minor, currency);
        let base = if policy.keeps_fee() { price.minor - fee.minor } else { price.minor };
        let exact = base * i64::from(schedule.percent_at(at(now)));
        let lost = exact - due.minor * 100;
        prop_assert!((-50..=50 + 100 * (currency.step() - 1)).contains(&lost), "{} for {}", due.minor, exact);
    }

    #[test]
    fn the_last_chance_is_one(policy in policies()) {
        let schedule = policy.schedule_in_utc(at(500 * DAY));
        if let Some(last) = schedule.last_chance() {
            let before = shift(last, -SignedDuration::from_secs(1));
            prop_assert!(schedule.percent_at(before) > 0);
            prop_assert_eq!(schedule.percent_at(shift(last, SignedDuration::from_secs(1))), 0);
        }
    }
}
