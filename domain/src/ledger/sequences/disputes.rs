//! Banks take money back, and say so late, twice and in any order.

use super::{super::*, history::History};
use crate::{
    disputes::{Case, DisputeState, Moved, Told},
    money::Money,
};

impl History {
    /// Opened for a part or for all that is left; or the next message about one that is there, at times an old one.
    pub(super) fn dispute(&mut self) {
        let Some(number) = self.pick(self.sold.len()) else {
            return;
        };
        if self.sold[number].place == Place::Bank {
            return;
        }
        let stale = self.sold[number]
            .dispute
            .as_ref()
            .map(|(told, _)| told.clone());
        let told = match &stale {
            None => self.open_dispute(number),
            Some(told) => Some(self.next_message(told)),
        };
        let Some(told) = told else { return };
        let sold = &mut self.sold[number];
        let before = Money::new(sold.gone(), self.currency);
        let name = format!("du_{number}");
        let fresh = || Case::new(name, sold.takings.total);
        let mut case = sold.dispute.take().map_or_else(fresh, |(_, case)| case);
        let (was, was_lost) = (case.clone(), case.state == DisputeState::Lost);
        let mut steps = case.take_in(&told, sold.takings, before).unwrap();
        // What is old or repeated says nothing.
        for again in stale.iter().chain([&told]) {
            let known = case.clone();
            assert_eq!(case.take_in(again, sold.takings, before), Ok(Vec::new()));
            assert_eq!(case, known);
        }
        let taken = case.taken.minor - was.taken.minor;
        let cost = |case: &Case| {
            case.moved
                .values()
                .map(|moved| moved.cost.minor)
                .sum::<i64>()
        };
        let cost = cost(&case) - cost(&was);
        match (was_lost, case.state == DisputeState::Lost) {
            (false, true) => sold.lost += case.taken.minor,
            (true, false) => sold.lost -= was.taken.minor,
            (true, true) | (false, false) => {}
        }
        sold.dispute = Some((told, case));
        for step in steps.drain(..) {
            self.book(Ok(step.posting));
        }
        // The organizer bears it all; the tax moves between the organizer's own two accounts.
        self.truth.at_provider -= taken + cost;
        self.truth.organizer -= taken + cost;
    }

    fn open_dispute(&mut self, number: usize) -> Option<Told> {
        let left = self.sold[number].takings.total.minor - self.sold[number].gone();
        let part = 1 + self.chance.amount(left);
        let cost = self.chance.amount(2_000);
        (left > 0).then(|| Told {
            state: DisputeState::NeedsAnswer,
            answer_by: None,
            moved: vec![Moved {
                reference: format!("txn_{number}"),
                taken: self.money(part),
                cost: self.money(cost),
            }],
        })
    }

    fn next_message(&mut self, told: &Told) -> Told {
        let mut next = told.clone();
        let back = Moved {
            reference: format!("{}_back", told.moved[0].reference),
            taken: -told.moved[0].taken,
            cost: Money::zero(self.currency),
        };
        let given_back = told.moved.len() > 1;
        match self.chance.below(4) {
            0 => next.state = next.state.apply(DisputeState::UnderReview),
            1 => next.state = next.state.apply(DisputeState::Lost),
            2 if !given_back => {
                next.state = DisputeState::Won;
                next.moved.push(back);
            }
            _ => {}
        }
        next
    }
}
