//! Whether a ticket type can be bought, and why not.

use serde::{Deserialize, Serialize};

use super::Phase;
use crate::when::Timestamp;

/// What a buyer is told about one ticket type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleStatus {
    /// The sale begins later.
    NotYet { opens: Timestamp },
    /// Can be bought.
    OnSale,
    /// Can be bought, but not for long.
    FewLeft { left: u32 },
    /// None are left.
    SoldOut,
    /// The sale is over.
    Ended,
    /// The event is over or called off.
    EventOver,
    /// The organizer has stopped the sale for now.
    Paused,
    /// The sale begins with the publishing of the event.
    Unpublished,
}

/// Everything the status depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaleFacts {
    /// When the sale begins; at once when absent.
    pub opens: Option<Timestamp>,
    /// When the sale is over; never before the event when absent.
    pub closes: Option<Timestamp>,
    /// Whether the organizer has stopped the sale of this type.
    pub paused: bool,
    /// How many there were to sell.
    pub capacity: u32,
    /// How many can still be had: the least of all pools the type draws from.
    pub left: u32,
    /// Where the event stands.
    pub phase: Phase,
    /// The current instant.
    pub now: Timestamp,
}

impl SaleStatus {
    /// The status that follows from the facts.
    pub fn of(facts: &SaleFacts) -> Self {
        match facts.phase {
            Phase::Ended | Phase::Cancelled => return Self::EventOver,
            Phase::Postponed => return Self::Paused,
            Phase::Draft | Phase::Upcoming | Phase::Running => {}
        }
        if facts.paused {
            return Self::Paused;
        }
        if facts.closes.is_some_and(|closes| facts.now >= closes) {
            return Self::Ended;
        }
        match facts.opens {
            Some(opens) if facts.now < opens => Self::NotYet { opens },
            _ if facts.phase == Phase::Draft => Self::Unpublished,
            _ if facts.left == 0 => Self::SoldOut,
            _ if facts.left <= few_left_threshold(facts.capacity) => {
                Self::FewLeft { left: facts.left }
            }
            _ => Self::OnSale,
        }
    }

    /// Whether an order can be begun.
    pub fn can_buy(&self) -> bool {
        match self {
            Self::OnSale | Self::FewLeft { .. } => true,
            Self::NotYet { .. }
            | Self::SoldOut
            | Self::Ended
            | Self::EventOver
            | Self::Paused
            | Self::Unpublished => false,
        }
    }

    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotYet { .. } => "not_yet",
            Self::OnSale => "on_sale",
            Self::FewLeft { .. } => "few_left",
            Self::SoldOut => "sold_out",
            Self::Ended => "ended",
            Self::EventOver => "event_over",
            Self::Paused => "paused",
            Self::Unpublished => "unpublished",
        }
    }
}

/// From how many on "few left" is said: a tenth of the capacity, but at least five.
pub fn few_left_threshold(capacity: u32) -> u32 {
    (capacity / 10).max(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn facts() -> SaleFacts {
        SaleFacts {
            opens: Some(at(10)),
            closes: Some(at(20)),
            paused: false,
            capacity: 100,
            left: 50,
            phase: Phase::Upcoming,
            now: at(15),
        }
    }

    #[test]
    fn statuses() {
        for (facts, status) in [
            (facts(), SaleStatus::OnSale),
            (
                SaleFacts {
                    now: at(9),
                    ..facts()
                },
                SaleStatus::NotYet { opens: at(10) },
            ),
            (
                SaleFacts {
                    now: at(10),
                    ..facts()
                },
                SaleStatus::OnSale,
            ),
            (
                SaleFacts {
                    now: at(20),
                    ..facts()
                },
                SaleStatus::Ended,
            ),
            (
                SaleFacts {
                    opens: None,
                    closes: None,
                    now: at(99),
                    ..facts()
                },
                SaleStatus::OnSale,
            ),
            (
                SaleFacts {
                    left: 11,
                    ..facts()
                },
                SaleStatus::OnSale,
            ),
            (
                SaleFacts {
                    left: 10,
                    ..facts()
                },
                SaleStatus::FewLeft { left: 10 },
            ),
            (
                SaleFacts {
                    left: 5,
                    capacity: 20,
                    ..facts()
                },
                SaleStatus::FewLeft { left: 5 },
            ),
            (
                SaleFacts {
                    left: 6,
                    capacity: 20,
                    ..facts()
                },
                SaleStatus::OnSale,
            ),
            (SaleFacts { left: 0, ..facts() }, SaleStatus::SoldOut),
            (
                SaleFacts {
                    left: 0,
                    now: at(9),
                    ..facts()
                },
                SaleStatus::NotYet { opens: at(10) },
            ),
            (
                SaleFacts {
                    paused: true,
                    left: 0,
                    ..facts()
                },
                SaleStatus::Paused,
            ),
            (
                SaleFacts {
                    phase: Phase::Running,
                    ..facts()
                },
                SaleStatus::OnSale,
            ),
            (
                SaleFacts {
                    phase: Phase::Ended,
                    ..facts()
                },
                SaleStatus::EventOver,
            ),
            (
                SaleFacts {
                    phase: Phase::Cancelled,
                    paused: true,
                    ..facts()
                },
                SaleStatus::EventOver,
            ),
            (
                SaleFacts {
                    phase: Phase::Postponed,
                    ..facts()
                },
                SaleStatus::Paused,
            ),
            (
                SaleFacts {
                    phase: Phase::Draft,
                    ..facts()
                },
                SaleStatus::Unpublished,
            ),
            (
                SaleFacts {
                    phase: Phase::Draft,
                    paused: true,
                    ..facts()
                },
                SaleStatus::Paused,
            ),
        ] {
            assert_eq!(SaleStatus::of(&facts), status, "{facts:?}");
        }
    }
}
