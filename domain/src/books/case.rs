//! A difference between our books and the provider's.

use serde::{Deserialize, Serialize};

use crate::codes::coded_enum;

coded_enum! {
    /// What does not agree.
    pub enum CaseKind {
        /// The provider has it, our books do not.
        MissingHere = "missing_here",
        /// Our books have it, the provider does not.
        MissingThere = "missing_there",
        /// Both have it, with another amount or currency.
        AmountDiffers = "amount_differs",
        /// Our books have it more than once.
        TwiceHere = "twice_here",
        /// The provider has it more than once.
        TwiceThere = "twice_there",
        /// A line that nobody knows how to book.
        UnknownLine = "unknown_line",
        /// What should lie with the provider by our books is not what its book sums to.
        ClearingDiffers = "clearing_differs",
        /// What lies with the provider is not what its own book sums to: lines are missing.
        BookIncomplete = "book_incomplete",
    }
}

coded_enum! {
    /// How far a case has come.
    pub enum CaseState {
        /// Somebody has to look.
        Open = "open",
        /// Somebody has said why it is so; it is still there.
        Explained = "explained",
        /// The two agree again.
        Solved = "solved",
    }
}

/// Why a case cannot be explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseError {
    /// There is nothing left to explain.
    #[error("the case is solved")]
    Solved,
}

impl CaseError {
    /// Stable key for translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::Solved => "case_solved",
        }
    }
}

impl CaseState {
    /// The difference was found again; `same`: with the figures of the last time. What was explained holds for these figures
    /// only.
    #[must_use]
    pub fn found(self, same: bool) -> Self {
        match self {
            Self::Explained if same => Self::Explained,
            Self::Explained | Self::Open | Self::Solved => Self::Open,
        }
    }

    /// The difference was not found any more.
    #[must_use]
    pub fn gone(self) -> Self {
        Self::Solved
    }

    /// Somebody says why it is so.
    ///
    /// # Errors
    /// When it is not so any more.
    pub fn explain(self) -> Result<Self, CaseError> {
        match self {
            Self::Open | Self::Explained => Ok(Self::Explained),
            Self::Solved => Err(CaseError::Solved),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_explanation_holds_for_its_figures_only() {
        assert_eq!(CaseState::Explained.found(true), CaseState::Explained);
        assert_eq!(CaseState::Explained.found(false), CaseState::Open);
        assert_eq!(CaseState::Open.explain(), Ok(CaseState::Explained));
    }

    #[test]
    fn what_comes_back_is_open_again() {
        let solved = CaseState::Explained.gone();
        assert_eq!(solved, CaseState::Solved);
        assert_eq!(solved.explain(), Err(CaseError::Solved));
        assert_eq!(solved.found(true), CaseState::Open);
    }
}
