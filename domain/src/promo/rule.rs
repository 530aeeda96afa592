//! Who may use a code when.

use serde::{Deserialize, Serialize};

use super::PromoState;
use crate::{
    ids::EventId,
    money::{Currency, Money},
    when::Timestamp,
};

/// What decides about a code, as it stands under its lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Whether the organizer has stopped it.
    pub state: PromoState,
    /// For one event only; `None`: for all of the organization's.
    pub event: Option<EventId>,
    /// Of what it takes off; it is for events in this currency.
    pub currency: Currency,
    /// The first instant it can be used.
    pub from: Option<Timestamp>,
    /// The first instant it can no longer be used.
    pub until: Option<Timestamp>,
    /// How many orders may have it.
    pub max_uses: Option<u32>,
    /// How many have it, or may come to it.
    pub used: u32,
    /// How much it may take off in all, in minor units.
    pub budget: Option<i64>,
    /// How much it has taken off.
    pub spent: i64,
}

/// Somebody who wants to use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Where they buy.
    pub event: EventId,
    /// What they would save.
    pub saving: Money,
    /// When.
    pub now: Timestamp,
}

/// Why a code takes nothing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// There is none, or none for this event: the same answer.
    #[error("no such code")]
    Unknown,
    /// The organizer has stopped it.
    #[error("the code is paused")]
    Paused,
    /// Its time has not come.
    #[error("the code is not valid before {from}")]
    NotYet {
        /// When it comes.
        from: Timestamp,
    },
    /// Its time is over.
    #[error("the code is over")]
    Over,
    /// Others have had all of it.
    #[error("the code is used up")]
    UsedUp,
    /// It would take off more than is left of its money.
    #[error("the code's budget is spent")]
    BudgetSpent,
    /// It is for other tickets, or these are free.
    #[error("the code is not for these tickets")]
    NotForThese,
}

impl Refusal {
    /// Stable key for translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "promo_unknown",
            Self::Paused => "promo_paused",
            Self::NotYet { .. } => "promo_not_yet",
            Self::Over => "promo_over",
            Self::UsedUp => "promo_used_up",
            Self::BudgetSpent => "promo_budget_spent",
            Self::NotForThese => "promo_not_for_these",
        }
    }
}

/// Whether somebody may have it now.
pub fn may_use(code: &Facts, ask: &Ask) -> Result<(), Refusal> {
    let elsewhere = code.event.is_some_and(|event| event != ask.event);
    if elsewhere || code.currency != ask.saving.currency {
        return Err(Refusal::Unknown);
    }
    match code.state {
        PromoState::Active => {}
        PromoState::Paused => return Err(Refusal::Paused),
    }
    if let Some(from) = code.from.filter(|from| ask.now < *from) {
        return Err(Refusal::NotYet { from });
    }
    if code.until.is_some_and(|until| until <= ask.now) {
        return Err(Refusal::Over);
    }
    if code.max_uses.is_some_and(|most| most <= code.used) {
        return Err(Refusal::UsedUp);
    }
    if ask.saving.minor <= 0 {
        return Err(Refusal::NotForThese);
    }
    let after = code.spent.checked_add(ask.saving.minor);
    let fits = match (code.budget, after) {
        (Some(budget), Some(after)) => after <= budget,
        (None, Some(_)) => true,
        (_, None) => false,
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::BudgetSpent)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    const EVENT: EventId = EventId::new(Uuid::from_u128(1));

    fn open() -> Facts {
        Facts {
            state: PromoState::Active,
            event: None,
            currency: Currency::EUR,
            from: None,
            until: None,
            max_uses: None,
            used: 0,
            budget: None,
            spent: 0,
        }
    }

    fn ask(saving: i64, second: i64) -> Ask {
        Ask {
            event: EVENT,
            saving: eur(saving),
            now: at(second),
        }
    }

    #[test]
    fn each_refusal_has_its_reason() {
        let other = EventId::new(Uuid::from_u128(2));
        for (code, asked, expected) in [
            (open(), ask(5, 0), Ok(())),
            (
                Facts {
                    event: Some(EVENT),
                    ..open()
                },
                ask(5, 0),
                Ok(()),
            ),
            (
                Facts {
                    event: Some(other),
                    ..open()
                },
                ask(5, 0),
                Err(Refusal::Unknown),
            ),
            (
                Facts {
                    currency: Currency::USD,
                    ..open()
                },
                ask(5, 0),
                Err(Refusal::Unknown),
            ),
            (
                Facts {
                    state: PromoState::Paused,
                    ..open()
                },
                ask(5, 0),
                Err(Refusal::Paused),
            ),
            (
                Facts {
                    from: Some(at(9)),
                    ..open()
                },
                ask(5, 8),
                Err(Refusal::NotYet { from: at(9) }),
            ),
            (
                Facts {
                    from: Some(at(9)),
                    ..open()
                },
                ask(5, 9),
                Ok(()),
            ),
            (
                Facts {
                    until: Some(at(9)),
                    ..open()
                },
                ask(5, 8),
                Ok(()),
            ),
            (
                Facts {
                    until: Some(at(9)),
                    ..open()
                },
                ask(5, 9),
                Err(Refusal::Over),
            ),
            (
                Facts {
                    max_uses: Some(3),
                    used: 2,
                    ..open()
                },
                ask(5, 0),
                Ok(()),
            ),
            (
                Facts {
                    max_uses: Some(3),
                    used: 3,
                    ..open()
                },
                ask(5, 0),
                Err(Refusal::UsedUp),
            ),
            (
                Facts {
                    budget: Some(10),
                    spent: 5,
                    ..open()
                },
                ask(5, 0),
                Ok(()),
            ),
            (
                Facts {
                    budget: Some(10),
                    spent: 6,
                    ..open()
                },
                ask(5, 0),
                Err(Refusal::BudgetSpent),
            ),
            (
                Facts {
                    spent: i64::MAX,
                    ..open()
                },
                ask(5, 0),
                Err(Refusal::BudgetSpent),
            ),
            (open(), ask(0, 0), Err(Refusal::NotForThese)),
        ] {
            assert_eq!(may_use(&code, &asked), expected, "{code:?}");
        }
    }

    proptest! {
        /// However many ask, no more have it than may, and no more is spent than was meant.
        #[test]
        fn limits_hold(
            max_uses in proptest::option::of(0..20_u32), budget in proptest::option::of(0..1_000_i64),
            savings in proptest::collection::vec(1..200_i64, 0..60),
        ) {
            let mut code = Facts { max_uses, budget, ..open() };
            for saving in savings {
                if may_use(&code, &ask(saving, 0)).is_ok() {
                    code.used += 1;
                    code.spent += saving;
                }
            }
            prop_assert!(max_uses.is_none_or(|most| code.used <= most));
            prop_assert!(budget.is_none_or(|most| code.spent <= most));
        }
    }
}
