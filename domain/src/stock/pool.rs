//! One pool of capacity: `held + sold` never exceeds `capacity`.

use serde::{Deserialize, Serialize};

use crate::planted::{Bug, planted};

/// How much of a capacity is reserved and how much is sold. Every value of this type keeps the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Counts")]
pub struct Pool {
    capacity: u32,
    held: u32,
    sold: u32,
}

#[derive(Deserialize)]
struct Counts {
    capacity: u32,
    held: u32,
    sold: u32,
}

/// Why stock cannot move that way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockError {
    /// Fewer are left than wanted.
    #[error("only {left} left")]
    NotEnough { left: u32 },
    /// More should be released or sold than is held.
    #[error("more than is held")]
    MoreThanHeld,
    /// More should be given back than was sold.
    #[error("more than was sold")]
    MoreThanSold,
    /// The capacity would be below what is held and sold.
    #[error("capacity below what is held and sold")]
    CapacityTooSmall,
}

impl StockError {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotEnough { .. } => "not_enough_left",
            Self::MoreThanHeld => "more_than_held",
            Self::MoreThanSold => "more_than_sold",
            Self::CapacityTooSmall => "capacity_too_small",
        }
    }
}

impl Pool {
    /// A pool as counted; refuses counts that break the rule.
    pub fn new(capacity: u32, held: u32, sold: u32) -> Result<Self, StockError> {
        match held.checked_add(sold) {
            Some(taken) if taken <= capacity => Ok(Self {
                capacity,
                held,
                sold,
            }),
            Some(_) | None => Err(StockError::CapacityTooSmall),
        }
    }

    /// A pool nobody has touched.
    pub const fn untouched(capacity: u32) -> Self {
        Self {
            capacity,
            held: 0,
            sold: 0,
        }
    }

    /// How many there are in all.
    pub const fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How many are reserved.
    pub const fn held(&self) -> u32 {
        self.held
    }

    /// How many are sold.
    pub const fn sold(&self) -> u32 {
        self.sold
    }

    /// How many can still be reserved.
    pub const fn left(&self) -> u32 {
        self.capacity - self.held - self.sold
    }

    /// Reserves.
    pub fn take_hold(self, quantity: u32) -> Result<Self, StockError> {
        if !planted(Bug::CapacityUnchecked) && quantity > self.left() {
            return Err(StockError::NotEnough { left: self.left() });
        }
        Ok(Self {
            held: self.held + quantity,
            ..self
        })
    }

    /// Lets go of a reservation.
    pub fn release(self, quantity: u32) -> Result<Self, StockError> {
        let times = if planted(Bug::ReleasedTwice) { 2 } else { 1 };
        let held = self
            .held
            .checked_sub(quantity * times)
            .ok_or(StockError::MoreThanHeld)?;
        Ok(Self { held, ..self })
    }

    /// Turns a reservation into a sale.
    pub fn sell(self, quantity: u32) -> Result<Self, StockError> {
        let held = self
            .held
            .checked_sub(quantity)
            .ok_or(StockError::MoreThanHeld)?;
        Ok(Self {
            held,
            sold: self.sold + quantity,
            ..self
        })
    }

    /// Takes back what was sold, to be sold again.
    pub fn give_back(self, quantity: u32) -> Result<Self, StockError> {
        let sold = self
            .sold
            .checked_sub(quantity)
            .ok_or(StockError::MoreThanSold)?;
        Ok(Self { sold, ..self })
    }

    /// Makes the pool larger or smaller, never smaller than what is taken.
    pub fn resize(self, capacity: u32) -> Result<Self, StockError> {
        Self::new(capacity, self.held, self.sold)
    }
}

impl TryFrom<Counts> for Pool {
    type Error = StockError;

    fn try_from(counts: Counts) -> Result<Self, StockError> {
        Self::new(counts.capacity, counts.held, counts.sold)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_one_is_taken_once() {
        let pool = Pool::untouched(1).take_hold(1).unwrap();
        assert_eq!(pool.take_hold(1), Err(StockError::NotEnough { left: 0 }));
        let pool = pool.sell(1).unwrap();
        assert_eq!(
            (pool.sell(1), pool.release(1)),
            (Err(StockError::MoreThanHeld), Err(StockError::MoreThanHeld))
        );
        assert_eq!(pool.resize(0), Err(StockError::CapacityTooSmall));
        let pool = pool.give_back(1).unwrap();
        assert_eq!(
            (pool.left(), pool.give_back(1)),
            (1, Err(StockError::MoreThanSold))
        );
        assert!(serde_json::from_str::<Pool>(r#"{"capacity":1,"held":1,"sold":1}"#).is_err());
    }

    proptest! {
        #[test]
        fn no_sequence_breaks_the_rule(
            capacity in prop_oneof![0..30_u32, Just(u32::MAX)],
            moves in proptest::collection::vec((0..5_u8, prop_oneof![0..12_u32, Just(u32::MAX)]), 0..80),
        ) {
            let mut pool = Pool::untouched(capacity);
            for (kind, quantity) in moves {
                let next = match kind {
                    0 => pool.take_hold(quantity),
                    1 => pool.release(quantity),
                    2 => pool.sell(quantity),
                    3 => pool.give_back(quantity),
                    _ => pool.resize(quantity),
                };
                pool = next.unwrap_or(pool);
                let taken = u64::from(pool.held()) + u64::from(pool.sold());
                prop_assert!(taken <= u64::from(pool.capacity()));
                prop_assert_eq!(taken + u64::from(pool.left()), u64::from(pool.capacity()));
            }
        }
    }
}
