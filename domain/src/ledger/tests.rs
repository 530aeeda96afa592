use proptest::{collection::vec, prelude::*, sample::select};

use super::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn entry(account: Account, amount: Money) -> Entry {
    Entry { account, amount }
}

fn takings(total: i64, tax: i64, fee: i64) -> Takings {
    Takings {
        total: eur(total),
        tax: eur(tax),
        fee: eur(fee),
    }
}

fn after(
    postings: impl IntoIterator<Item = Result<Posting, LedgerError>>,
) -> impl Fn(Account) -> i64 {
    let entries: Vec<_> = postings
        .into_iter()
        .flat_map(|posting| posting.unwrap().0)
        .collect();
    move |account| balance(account, Currency::EUR, &entries).unwrap().minor
}

#[test]
fn corrections_give_and_take_and_what_leaves_can_come_back() {
    let eur = |minor| Money::new(minor, Currency::EUR);
    let of = |posting: Posting, account| {
        let entries = posting.entries().iter();
        entries
            .filter(|entry| entry.account == account)
            .map(|entry| entry.amount.minor)
            .sum::<i64>()
    };
    for (amount, owed, given) in [(500, -500, 500), (-300, 300, -300)] {
        let posting = Posting::adjustment(eur(amount)).unwrap();
        assert_eq!(of(posting.clone(), Account::OrganizerPayable), owed);
        assert_eq!(of(posting, Account::Adjustments), given);
    }
    assert_eq!(Posting::adjustment(eur(0)), Err(LedgerError::NotPositive));
    for (place, account) in [
        (Place::Bank, Account::Bank),
        (Place::Provider, Account::ProviderClearing),
    ] {
        let payout = Posting::payout_back_to(place, eur(70)).unwrap();
        assert_eq!(of(payout.clone(), account), 70);
        assert_eq!(of(payout, Account::OrganizerPayable), -70);
        let refund = Posting::refund_back_to(place, eur(70)).unwrap();
        assert_eq!(of(refund.clone(), account), 70);
        assert_eq!(of(refund, Account::RefundsPayable), -70);
    }
}

#[test]
fn postings_must_balance() {
    use Account::{OrganizerPayable as Organizer, ProviderClearing as Provider};
    for (entries, error) in [
        (vec![], LedgerError::Empty),
        (vec![entry(Provider, eur(1))], LedgerError::Unbalanced),
        (
            vec![entry(Provider, eur(1)), entry(Organizer, eur(-2))],
            LedgerError::Unbalanced,
        ),
        (
            vec![
                entry(Provider, eur(1)),
                entry(Organizer, Money::new(-1, Currency::USD)),
            ],
            LedgerError::MixedCurrencies,
        ),
        (
            vec![entry(Provider, eur(i64::MAX)), entry(Provider, eur(1))],
            LedgerError::Overflow,
        ),
    ] {
        assert_eq!(Posting::new(entries), Err(error));
    }
    assert_eq!(
        Posting::sale(takings(0, 0, 0)),
        Err(LedgerError::NotPositive)
    );
    assert_eq!(
        Posting::refund(Takings::plain(eur(i64::MIN))),
        Err(LedgerError::NotPositive)
    );
}

#[test]
fn parts_fit_into_the_whole() {
    for (total, tax, fee) in [(100, 101, 0), (100, 0, 101), (100, -1, 0), (100, 0, -1)] {
        assert_eq!(
            Posting::sale(takings(total, tax, fee)),
            Err(LedgerError::PartOutOfRange),
            "{total} {tax} {fee}"
        );
    }
    let mixed = Takings {
        tax: Money::new(1, Currency::USD),
        ..takings(100, 0, 0)
    };
    assert_eq!(Posting::sale(mixed), Err(LedgerError::MixedCurrencies));
}

#[test]
fn everybody_gets_their_part_of_a_sale() {
    let has = after([Posting::sale(takings(11_900, 1_900, 500))]);
    assert_eq!(has(Account::ProviderClearing), 11_900);
    assert_eq!(has(Account::OrganizerPayable), -9_500);
    assert_eq!(has(Account::TaxCollected), -1_900);
    assert_eq!(has(Account::PlatformFees), -500);
}

#[test]
fn a_sale_wholly_refunded_leaves_nothing() {
    let sold = takings(500, 80, 20);
    let has = after([
        Posting::sale(sold),
        Posting::refund(sold.back(eur(0), eur(123)).unwrap()),
        Posting::refund_sent(eur(123)),
        Posting::refund_failed(eur(123)),
        Posting::refund_sent(eur(123)),
        Posting::refund(sold.back(eur(123), eur(377)).unwrap()),
        Posting::refund_sent(eur(377)),
    ]);
    for account in Account::all() {
        assert_eq!(has(*account), 0, "{account}");
    }
}

#[test]
fn a_payout_takes_tax_first_and_never_more_than_is_owed() {
    let owed = Owed {
        net: eur(1_000),
        tax: eur(190),
    };
    let has = after([Posting::payout(eur(200), owed)]);
    assert_eq!(
        (
            has(Account::TaxCollected),
            has(Account::OrganizerPayable),
            has(Account::PayoutsPayable)
        ),
        (190, 10, -200)
    );
    assert_eq!(Posting::payout(eur(1_191), owed), Err(LedgerError::TooMuch));
    assert_eq!(Posting::payout(eur(0), owed), Err(LedgerError::NotPositive));
    assert_eq!(
        Posting::payout(Money::new(1, Currency::USD), owed),
        Err(LedgerError::MixedCurrencies)
    );
    let in_debt = Owed {
        net: eur(-300),
        tax: eur(190),
    };
    assert_eq!(in_debt.available(), Ok(eur(0)));
    assert_eq!(Posting::payout(eur(1), in_debt), Err(LedgerError::TooMuch));
    // Tax was paid out already, and then some of it went back: the net covers it.
    let has = after([Posting::payout(
        eur(900),
        Owed {
            net: eur(1_000),
            tax: eur(-100),
        },
    )]);
    assert_eq!(
        (has(Account::OrganizerPayable), has(Account::TaxCollected)),
        (900, 0)
    );
}

#[test]
fn a_payout_called_off_is_owed_again() {
    let owed = Owed {
        net: eur(100),
        tax: eur(0),
    };
    let has = after([
        Posting::sale(takings(100, 0, 0)),
        Posting::payout(eur(60), owed),
        Posting::payout_called_off(eur(60)),
    ]);
    assert_eq!(
        (has(Account::OrganizerPayable), has(Account::PayoutsPayable)),
        (-100, 0)
    );
}

#[test]
fn a_dispute_won_leaves_what_was_and_one_lost_takes_the_tax_along() {
    let sold = takings(119, 19, 10);
    let won = after([
        Posting::sale(sold),
        Posting::dispute_opened(eur(119)),
        Posting::dispute_won(eur(119)),
    ]);
    assert_eq!(
        (
            won(Account::OrganizerPayable),
            won(Account::ProviderClearing)
        ),
        (-90, 119)
    );
    let lost = after([
        Posting::sale(sold),
        Posting::dispute_opened(eur(119)),
        Posting::dispute_lost(eur(19)),
    ]);
    assert_eq!(
        (
            lost(Account::OrganizerPayable),
            lost(Account::TaxCollected),
            lost(Account::ProviderClearing)
        ),
        (10, 0, 0)
    );
}

proptest! {
    #[test]
    fn every_posting_sums_to_zero(
        minor in 1..=i64::MAX,
        (tax, fee) in (0..=50_u32, 0..=50_u32),
        currency in select(Currency::all()),
    ) {
        let amount = Money::new(minor, currency);
        let takings = Takings {
            total: amount,
            tax: amount.percent(tax).unwrap(),
            fee: amount.percent(fee).unwrap(),
        };
        let owed = Owed { net: amount, tax: Money::zero(currency) };
        for posting in [
            Posting::sale(takings), Posting::refund(takings), Posting::refund_sent(amount), Posting::refund_failed(amount),
            Posting::dispute_opened(amount), Posting::dispute_won(amount), Posting::dispute_lost(amount),
            Posting::dispute_cost(amount), Posting::provider_cost(amount), Posting::provider_cost_back(amount),
            Posting::provider_paid(amount), Posting::provider_given(amount), Posting::reserve(amount), Posting::reserve_released(amount),
            Posting::payout(amount, owed), Posting::payout_sent(amount), Posting::payout_sent_by_provider(amount),
            Posting::payout_called_off(amount),
        ] {
            let posting = posting.unwrap();
            prop_assert_eq!(posting.currency(), Some(currency));
            let amounts = posting.0.into_iter().map(|entry| entry.amount);
            prop_assert_eq!(Money::checked_sum(currency, amounts), Ok(Money::zero(currency)));
        }
    }

    #[test]
    fn unbalanced_entries_never_pass(minors in vec(-1000..1000_i64, 1..6)) {
        let entries = minors.iter().map(|minor| entry(Account::ProviderClearing, eur(*minor))).collect();
        prop_assert_eq!(Posting::new(entries).is_ok(), minors.iter().sum::<i64>() == 0);
    }

    /// Whatever happens in whichever order, all accounts together hold nothing, and a payout never makes a debt.
    #[test]
    fn histories_balance(steps in vec((0..8_u8, 1..10_000_i64), 1..60)) {
        let mut entries: Vec<Entry> = Vec::new();
        let mut sold: Vec<(Takings, i64)> = Vec::new();
        for (step, minor) in steps {
            let of = |account| balance(account, Currency::EUR, &entries).unwrap();
            let owed = Owed { net: -of(Account::OrganizerPayable), tax: -of(Account::TaxCollected) };
            let amount = eur(minor);
            let posting = match step {
                0..=2 => {
                    let whole = takings(minor, minor / 7, minor / 20);
                    sold.push((whole, 0));
                    Posting::sale(whole)
                }
                3 | 4 => match sold.last_mut() {
                    Some((whole, before)) => whole.back(eur(*before), amount).and_then(|back| {
                        *before += minor;
                        Posting::refund(back)
                    }),
                    None => continue,
                },
                5 => Posting::dispute_opened(amount),
                6 => Posting::reserve(amount),
                _ => Posting::payout(amount, owed),
            };
            if let Ok(posting) = posting {
                if step == 7 {
                    prop_assert!(minor <= owed.available().unwrap().minor);
                }
                entries.extend(posting.0);
            }
        }
        let sum: i64 = Account::all().iter().map(|account| balance(*account, Currency::EUR, &entries).unwrap().minor).sum();
        prop_assert_eq!(sum, 0);
    }
}

#[test]
fn a_sale_by_transfer_is_on_the_bank_account_and_its_refund_leaves_from_there() {
    let eur = |minor| Money::new(minor, Currency::EUR);
    let bank = Place::of_provider(crate::transfers::PROVIDER);
    assert_eq!(Place::of_provider("stripe"), Place::Provider);
    let mut books = Vec::from(Posting::sale_at(bank, Takings::plain(eur(1_000))).unwrap());
    books.extend(Vec::from(
        Posting::refund(Takings::plain(eur(300))).unwrap(),
    ));
    books.extend(Vec::from(
        Posting::refund_sent_from(bank, eur(300)).unwrap(),
    ));
    let has = |account| balance(account, Currency::EUR, &books).unwrap().minor;
    assert_eq!(has(Account::Bank), 700);
    assert_eq!(has(Account::ProviderClearing), 0);
    assert_eq!(has(Account::RefundsPayable), 0);
    assert_eq!(has(Account::OrganizerPayable), -700);
}
