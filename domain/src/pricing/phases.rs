//! Prices that roll over by themselves: a chain of phases, each ending at a date, after so many tickets, or at whichever comes
//! first. The last one has no end, so there is a price at every moment, and by its rule exactly one.
//!
//! A phase that ends after so many tickets ends when so many **of the type** are taken in all, whatever they cost: "until 50
//! are sold" is a number that everybody can check. What is taken is what is sold and what is kept for somebody who is buying.
//! Each ticket has the phase of its own turn: of four tickets of which two are the last at a price, two have that price.

use serde::{Deserialize, Serialize};

use crate::{ids::PricePhaseId, text::Fault, when::Timestamp};

/// All phases of a ticket type but the last one.
pub const MOST_ENDING: usize = 7;

/// A phase that ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingPhase {
    /// Its own, for good.
    pub id: PricePhaseId,
    /// What buyers read.
    pub name: String,
    /// As the organizer typed it.
    pub price_minor: i64,
    /// From then on it is over.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// When so many tickets of the type are taken, it is over.
    #[serde(default)]
    pub count: Option<u32>,
}

impl EndingPhase {
    /// Whether it is over.
    pub fn is_over(&self, now: Timestamp, taken: u32) -> bool {
        self.until.is_some_and(|until| now >= until)
            || self.count.is_some_and(|count| taken >= count)
    }
}

/// The phase after all others. Its price is the ticket type's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastPhase {
    /// Its own, for good.
    pub id: PricePhaseId,
    /// What buyers read.
    pub name: String,
}

/// The phases of a ticket type, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricePhases {
    /// At least one.
    pub ending: Vec<EndingPhase>,
    /// What comes after them.
    pub last: LastPhase,
}

/// The phase that a ticket was sold in, with the name that it had then.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SoldIn {
    /// The phase.
    pub id: PricePhaseId,
    /// Its name.
    pub name: String,
}

/// What is sold now, and what comes after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentPhase<'a> {
    /// Its place in the chain.
    pub index: usize,
    /// Its name.
    pub name: &'a str,
    /// As typed.
    pub price_minor: i64,
    /// When it ends at the latest; nothing: not by date.
    pub until: Option<Timestamp>,
    /// How many more can be had in it; nothing: no end by count.
    pub left: Option<u32>,
    /// As typed for the phase that is next by today's state; nothing for the last phase.
    pub then_minor: Option<i64>,
}

/// Why a chain is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhaseFault {
    /// Which of the phases that end.
    pub index: usize,
    /// The field of its form.
    pub field: &'static str,
    /// What is wrong there.
    pub fault: Fault,
}

impl PricePhases {
    /// Which phase holds: the first that is not over. Time and sales only ever move it forward.
    pub fn index(&self, now: Timestamp, taken: u32) -> usize {
        self.ending
            .iter()
            .position(|phase| !phase.is_over(now, taken))
            .unwrap_or(self.ending.len())
    }

    /// The phase that holds, where `own_minor` is the type's own price.
    pub fn current(&self, now: Timestamp, taken: u32, own_minor: i64) -> CurrentPhase<'_> {
        let index = self.index(now, taken);
        let Some(phase) = self.ending.get(index) else {
            return CurrentPhase {
                index,
                name: &self.last.name,
                price_minor: own_minor,
                until: None,
                left: None,
                then_minor: None,
            };
        };
        // By the end of this one, whichever ends it, phases behind it may be over too.
        let at = phase.until.map_or(now, |until| until.max(now));
        let by_date = phase.until.map(|_| self.after(index, at, taken));
        let by_count = phase
            .count
            .map(|count| self.after(index, now, taken.max(count)));
        let next = match (by_date, by_count) {
            (Some(date), Some(count)) => date.min(count),
            (Some(next), None) | (None, Some(next)) => next,
            (None, None) => self.ending.len(),
        };
        CurrentPhase {
            index,
            name: &phase.name,
            price_minor: phase.price_minor,
            until: phase.until,
            left: phase.count.map(|count| count.saturating_sub(taken)),
            then_minor: Some(self.price_minor(next, own_minor)),
        }
    }

    fn after(&self, index: usize, now: Timestamp, taken: u32) -> usize {
        self.index(now, taken).max(index + 1)
    }

    /// As typed for the phase at this place.
    pub fn price_minor(&self, index: usize, own_minor: i64) -> i64 {
        self.ending
            .get(index)
            .map_or(own_minor, |phase| phase.price_minor)
    }

    /// As typed for a phase that a ticket was sold in; nothing if there is no such phase any more.
    pub fn price_of(&self, id: PricePhaseId, own_minor: i64) -> Option<i64> {
        if id == self.last.id {
            return Some(own_minor);
        }
        let phase = self.ending.iter().find(|phase| phase.id == id)?;
        Some(phase.price_minor)
    }

    /// What a ticket sold in the phase at this place keeps of it.
    pub fn sold_in(&self, index: usize) -> SoldIn {
        let (id, name) = self
            .ending
            .get(index)
            .map_or((self.last.id, &self.last.name), |phase| {
                (phase.id, &phase.name)
            });
        SoldIn {
            id,
            name: name.clone(),
        }
    }

    /// Deals so many tickets out over the phases, in the order of their turns: place of the phase, and how many. They sum to
    /// what was wanted; no phase is at two places of the answer.
    pub fn deal(&self, now: Timestamp, taken: u32, quantity: u32) -> Vec<(usize, u32)> {
        let (mut taken, mut wanted) = (taken, quantity);
        let mut dealt = Vec::new();
        while wanted > 0 {
            let index = self.index(now, taken);
            let left = self
                .ending
                .get(index)
                .and_then(|phase| phase.count)
                .map_or(wanted, |count| count.saturating_sub(taken));
            let part = left.min(wanted);
            dealt.push((index, part));
            taken = taken.saturating_add(part);
            wanted -= part;
            // Only at the end of all numbers: whatever is left has the phase of the last ticket.
            if part == 0 {
                break;
            }
        }
        dealt
    }

    /// Whether any of them ends by count.
    pub fn counts(&self) -> bool {
        self.ending.iter().any(|phase| phase.count.is_some())
    }

    /// Puts a phase where its end belongs: at `wish` if that makes a chain, else at the last place that does. Where none
    /// does, at `wish`, and [`Self::check`] says what is wrong with it.
    pub fn place(&mut self, phase: EndingPhase, wish: usize) -> usize {
        let wish = wish.min(self.ending.len());
        let places = std::iter::once(wish).chain((0..=self.ending.len()).rev());
        let fitting = places.into_iter().find(|place| {
            let mut tried = self.clone();
            tried.ending.insert(*place, phase.clone());
            tried.check().is_ok()
        });
        let place = fitting.unwrap_or(wish);
        self.ending.insert(place, phase);
        place
    }

    /// Exchanges what two neighbours are called and cost; their ends stay where they are, so that the chain stays one.
    /// `own_minor` is the price of the last. Returns whether there are two such neighbours.
    pub fn swap(&mut self, upper: usize, own_minor: &mut i64) -> bool {
        if upper + 1 < self.ending.len() {
            let (before, after) = self.ending.split_at_mut(upper + 1);
            if let (Some(one), Some(other)) = (before.last_mut(), after.first_mut()) {
                std::mem::swap(&mut one.id, &mut other.id);
                std::mem::swap(&mut one.name, &mut other.name);
                std::mem::swap(&mut one.price_minor, &mut other.price_minor);
                return true;
            }
            return false;
        }
        match self.ending.get_mut(upper) {
            Some(one) => {
                std::mem::swap(&mut one.id, &mut self.last.id);
                std::mem::swap(&mut one.name, &mut self.last.name);
                std::mem::swap(&mut one.price_minor, own_minor);
                true
            }
            None => false,
        }
    }

    /// Each phase ends, and none before the one before it: not by date, and not by count.
    pub fn check(&self) -> Result<(), PhaseFault> {
        let (mut date, mut most) = (None, None);
        for (index, phase) in self.ending.iter().enumerate() {
            let fault = |field, fault| PhaseFault {
                index,
                field,
                fault,
            };
            if index >= MOST_ENDING {
                return Err(fault("name", Fault::TooMany { max: MOST_ENDING }));
            }
            if phase.until.is_none() && phase.count.is_none() {
                return Err(fault("until", Fault::Required));
            }
            if let Some(until) = phase.until {
                if date.is_some_and(|before| until <= before) {
                    return Err(fault("until", Fault::BeforeOtherPhase));
                }
                date = Some(until);
            }
            if let Some(count) = phase.count {
                let least = most.map_or(1, |before: u32| before.saturating_add(1));
                if count < least {
                    return Err(fault(
                        "count",
                        Fault::TooSmall {
                            min: i64::from(least),
                        },
                    ));
                }
                most = Some(count);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
