//! What is known of a dispute, and what is booked for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DisputeState;
use crate::{
    ledger::{LedgerError, Posting, Takings},
    money::Money,
    when::Timestamp,
};

/// Money that the provider has moved because of a dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The provider's name for the movement: it is booked once.
    pub reference: String,
    /// Taken from us; below zero where it was given back.
    pub taken: Money,
    /// What the provider charges for it; below zero where that was given back.
    pub cost: Money,
}

/// One message about a dispute: the state and every movement so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Where it stands.
    pub state: DisputeState,
    /// Until when an answer is taken.
    pub answer_by: Option<Timestamp>,
    /// Everything that has moved so far.
    pub moved: Vec<Moved>,
}

/// Something to be booked, once per reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Unique among the steps of all disputes.
    pub reference: String,
    /// What is booked.
    pub posting: Posting,
}

/// All that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The provider's name of the dispute.
    pub name: String,
    /// Where it stands.
    pub state: DisputeState,
    /// Until when an answer is taken.
    pub answer_by: Option<Timestamp>,
    /// What the provider holds of the payment now.
    pub taken: Money,
    /// The tax that need not be passed on, because what it was in is lost.
    pub tax_back: Money,
    /// What has moved, by the provider's names.
    pub moved: BTreeMap<String, Moved>,
}

impl Case {
    /// As it is before anything was told.
    pub fn new(name: String, total: Money) -> Self {
        let nothing = Money::zero(total.currency);
        Self {
            name,
            state: DisputeState::Inquiry,
            answer_by: None,
            taken: nothing,
            tax_back: nothing,
            moved: BTreeMap::new(),
        }
    }

    /// Takes a message in; repeats and the order of messages change nothing about the end. `sold` is the payment, and
    /// `before` what of it had gone for good already: refunds and other disputes that were lost.
    ///
    /// The organizer bears what is taken, the platform's fee included, and what the provider charges for the dispute. The
    /// tax in what is lost takes its share of the running sum, as a refund's does.
    pub fn take_in(
        &mut self,
        told: &Told,
        sold: Takings,
        before: Money,
    ) -> Result<Vec<Step>, LedgerError> {
        let known = (self.state, self.taken);
        // The deadline belongs to its state: that of an inquiry is not that of the dispute which it became.
        (self.state, self.answer_by) =
            (self.state, self.answer_by).max((told.state, told.answer_by));
        let mut steps = Vec::new();
        for moved in &told.moved {
            if self.moved.contains_key(&moved.reference) {
                continue;
            }
            self.moved.insert(moved.reference.clone(), moved.clone());
            self.taken = self.taken.checked_add(moved.taken)?;
            let reference = moved.reference.clone();
            steps.extend(step(
                reference.clone(),
                moved.taken,
                Posting::dispute_opened,
                Posting::dispute_won,
            )?);
            steps.extend(step(
                format!("{reference}|cost"),
                moved.cost,
                Posting::dispute_cost,
                Posting::dispute_cost_back,
            )?);
        }
        if known != (self.state, self.taken) {
            steps.extend(self.tax(sold, before)?);
        }
        Ok(steps)
    }

    /// The share of tax is fixed when the loss is: later refunds reckon from there.
    fn tax(&mut self, sold: Takings, before: Money) -> Result<Option<Step>, LedgerError> {
        let lost = self.state == DisputeState::Lost && self.taken.minor > 0;
        if lost != self.tax_back.is_zero() {
            return Ok(None);
        }
        let due = if lost {
            let left = sold.total.checked_sub(before)?;
            let part = Money::new(self.taken.minor.min(left.minor), left.currency);
            if part.minor <= 0 {
                return Ok(None);
            }
            sold.back(before, part)?.tax
        } else {
            Money::zero(self.tax_back.currency)
        };
        let change = due.checked_sub(self.tax_back)?;
        self.tax_back = due;
        let reference = format!("{}|tax|{}", self.name, self.state);
        step(
            reference,
            change,
            Posting::dispute_lost,
            Posting::dispute_loss_undone,
        )
    }
}

fn step(
    reference: String,
    amount: Money,
    out: fn(Money) -> Result<Posting, LedgerError>,
    back: fn(Money) -> Result<Posting, LedgerError>,
) -> Result<Option<Step>, LedgerError> {
    let posting = match amount.minor {
        0 => return Ok(None),
        minor if minor > 0 => out(amount)?,
        _ => back(-amount)?,
    };
    Ok(Some(Step { reference, posting }))
}
