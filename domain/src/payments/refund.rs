//! One refund at the provider, as told by it: late, twice, and in any order.

use crate::codes::coded_enum;

coded_enum! {
    /// Where one try to send money back stands.
    pub enum RefundState {
        /// Promised; or the provider is at it.
        Pending = "pending",
        /// The money is with the buyer's bank.
        Succeeded = "succeeded",
        /// No money left, or it came back.
        Failed = "failed",
    }
}

/// What a change of a refund means for the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundMove {
    /// Nothing moved.
    None,
    /// The money has left.
    Left,
    /// It had left, and is back.
    CameBack,
}

impl RefundState {
    /// Takes news of the same try in; the state that lies furthest on the way wins, so the end is the same for every
    /// order. A failure is told after a success, never before it: the buyer's bank did not take the money.
    #[must_use]
    pub fn apply(self, news: Self) -> (Self, RefundMove) {
        // The variants are declared in the order of the way.
        let after = self.max(news);
        let moved = match (self, after) {
            (Self::Pending, Self::Succeeded) => RefundMove::Left,
            (Self::Succeeded, Self::Failed) => RefundMove::CameBack,
            (Self::Pending, Self::Pending | Self::Failed)
            | (Self::Succeeded, Self::Pending | Self::Succeeded)
            | (Self::Failed, _) => RefundMove::None,
        };
        (after, moved)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::*;

    /// How often the money has left, less how often it came back, and the end.
    fn all(news: &[RefundState]) -> (RefundState, i32) {
        news.iter()
            .fold((RefundState::Pending, 0), |(state, out), news| {
                let (after, moved) = state.apply(*news);
                let by = match moved {
                    RefundMove::None => 0,
                    RefundMove::Left => 1,
                    RefundMove::CameBack => -1,
                };
                (after, out + by)
            })
    }

    proptest! {
        #[test]
        fn repeats_and_order_change_nothing(
            (told, shuffled) in vec(select(RefundState::all()), 0..8)
                .prop_flat_map(|told| (Just(told.clone()), Just(told).prop_shuffle())),
        ) {
            let twice: Vec<_> = told.iter().chain(&told).copied().collect();
            prop_assert_eq!(all(&told), all(&shuffled));
            prop_assert_eq!(all(&told), all(&twice));
        }

        #[test]
        fn the_books_say_what_the_state_says(told in vec(select(RefundState::all()), 0..8)) {
            let (state, out) = all(&told);
            prop_assert_eq!(out, i32::from(state == RefundState::Succeeded));
        }
    }
}
