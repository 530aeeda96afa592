use proptest::{prelude::*, sample::select};

use super::*;
use crate::{
    ledger::{Account, Entry, Takings, balance},
    money::{Currency, Money},
    when::Timestamp,
};

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn sold() -> Takings {
    Takings {
        total: eur(10_000),
        tax: eur(1_597),
        fee: eur(250),
    }
}

fn moved(reference: &str, taken: i64, cost: i64) -> Moved {
    Moved {
        reference: reference.to_owned(),
        taken: eur(taken),
        cost: eur(cost),
    }
}

fn told(state: DisputeState, moved: &[Moved]) -> Told {
    Told {
        state,
        answer_by: Some(Timestamp::from_second(86_400).unwrap()),
        moved: moved.to_vec(),
    }
}

fn hear(messages: &[&Told], before: i64) -> (Case, Vec<Entry>) {
    let mut case = Case::new("du_1".to_owned(), sold().total);
    let mut books = Vec::new();
    let mut references = std::collections::BTreeSet::new();
    for message in messages {
        for step in case.take_in(message, sold(), eur(before)).unwrap() {
            assert!(
                references.insert(step.reference.clone()),
                "{} is booked twice",
                step.reference
            );
            books.extend(step.posting.entries().iter().copied());
        }
    }
    (case, books)
}

fn sums(books: &[Entry]) -> Vec<i64> {
    Account::all()
        .iter()
        .map(|account| balance(*account, Currency::EUR, books).unwrap().minor)
        .collect()
}

fn orders(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    orders(of - 1)
        .into_iter()
        .flat_map(|order| {
            (0..=order.len()).map(move |at| {
                let mut longer = order.clone();
                longer.insert(at, of - 1);
                longer
            })
        })
        .collect()
}

#[test]
fn all_orders_of_four_messages_have_one_end() {
    let taken = moved("txn_1", 10_000, 2_000);
    let back = moved("txn_2", -10_000, 0);
    let first = std::slice::from_ref(&taken);
    let won = [taken.clone(), back];
    for ends in [
        [told(DisputeState::Won, &won), told(DisputeState::Won, &won)],
        [
            told(DisputeState::UnderReview, first),
            told(DisputeState::Lost, first),
        ],
        // Stripe gives it back after all.
        [
            told(DisputeState::Lost, first),
            told(DisputeState::Won, &won),
        ],
    ] {
        let [third, fourth] = ends;
        let messages = [
            told(DisputeState::NeedsAnswer, &[]),
            told(DisputeState::NeedsAnswer, first),
            third,
            fourth,
        ];
        let expected = hear(&messages.each_ref(), 0);
        let all = orders(4);
        assert_eq!(all.len(), 24);
        for order in all {
            let mut shuffled: Vec<_> = order.iter().map(|n| &messages[*n]).collect();
            shuffled.extend(order.iter().map(|n| &messages[*n]));
            let (case, books) = hear(&shuffled, 0);
            assert_eq!(case, expected.0, "{order:?}");
            assert_eq!(sums(&books), sums(&expected.1), "{order:?}");
        }
    }
}

#[test]
fn what_is_lost_is_the_organizers_loss_and_its_tax_need_not_be_passed_on() {
    let lost = told(DisputeState::Lost, &[moved("txn_1", 10_000, 2_000)]);
    let (case, books) = hear(&[&lost], 0);
    let sum = |account| balance(account, Currency::EUR, &books).unwrap().minor;
    assert_eq!(sum(Account::ProviderClearing), -12_000);
    assert_eq!(sum(Account::TaxCollected), 1_597);
    assert_eq!(sum(Account::OrganizerPayable), 12_000 - 1_597);
    assert_eq!(sum(Account::PlatformFees), 0, "the fee stays");
    assert_eq!(case.taken, eur(10_000));
}

#[test]
fn a_won_dispute_leaves_what_the_provider_keeps() {
    let taken = moved("txn_1", 10_000, 2_000);
    for (back, left) in [(0, 2_000), (-2_000, 0)] {
        let won = told(
            DisputeState::Won,
            &[taken.clone(), moved("txn_2", -10_000, back)],
        );
        let (case, books) = hear(&[&won], 0);
        let sum = |account| balance(account, Currency::EUR, &books).unwrap().minor;
        assert_eq!(sum(Account::ProviderClearing), -left);
        assert_eq!(sum(Account::OrganizerPayable), left);
        assert_eq!((case.taken, case.tax_back), (eur(0), eur(0)));
    }
}

#[test]
fn an_inquiry_moves_nothing_and_may_become_a_dispute() {
    let inquiry = told(DisputeState::Inquiry, &[]);
    let (case, books) = hear(&[&inquiry], 0);
    assert_eq!((case.state, books.len()), (DisputeState::Inquiry, 0));
    let dispute = told(DisputeState::NeedsAnswer, &[moved("txn_1", 500, 0)]);
    let (case, _) = hear(&[&dispute, &inquiry], 0);
    assert_eq!(case.state, DisputeState::NeedsAnswer);
}

#[test]
fn after_a_refund_the_tax_of_the_rest_goes_and_no_more() {
    // 40.00 were refunded, and the bank takes all of 100.00.
    let lost = told(DisputeState::Lost, &[moved("txn_1", 10_000, 0)]);
    let (case, _) = hear(&[&lost], 4_000);
    let refund = sold().back(eur(0), eur(4_000)).unwrap();
    assert_eq!(case.tax_back.minor + refund.tax.minor, sold().tax.minor);
    let (case, _) = hear(&[&lost], 10_000);
    assert_eq!(case.tax_back, eur(0));
}

#[test]
fn tickets_follow_the_money() {
    use DisputeState::{InquiryClosed, Lost, NeedsAnswer, Won};
    let block = TicketPolicy::Block;
    for (policy, disputes, left, expected) in [
        (block, vec![], true, Tickets::Admit),
        (block, vec![DisputeState::Inquiry], true, Tickets::Admit),
        (block, vec![NeedsAnswer], false, Tickets::Block),
        (TicketPolicy::Keep, vec![NeedsAnswer], false, Tickets::Admit),
        (block, vec![Won], true, Tickets::Admit),
        (block, vec![InquiryClosed], true, Tickets::Admit),
        (block, vec![Lost], false, Tickets::Void),
        (TicketPolicy::Keep, vec![Lost], false, Tickets::Void),
        (block, vec![Lost], true, Tickets::Admit),
        (block, vec![Lost, NeedsAnswer], false, Tickets::Block),
    ] {
        assert_eq!(
            policy.decide(disputes.clone(), left),
            expected,
            "{disputes:?}"
        );
    }
}

proptest! {
    #[test]
    fn repeats_and_order_change_nothing(
        (states, shuffled) in proptest::collection::vec(select(DisputeState::all()), 0..8)
            .prop_flat_map(|states| (Just(states.clone()), Just(states).prop_shuffle())),
    ) {
        let all = |states: &[DisputeState]| {
            states.iter().fold(DisputeState::Inquiry, |state, news| state.apply(*news))
        };
        prop_assert_eq!(all(&states), all(&shuffled));
        let twice: Vec<_> = states.iter().chain(&states).copied().collect();
        prop_assert_eq!(all(&states), all(&twice));
    }
}
