//! What pages about refunds of a whole event show.

use domain::{
    catalog::EventState,
    money::Money,
    orders::{RunCause, RunOutcome},
};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::values::Moment;

/// What calling the event off would mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallOffView {
    pub slug: String,
    pub state: EventState,
    pub orders: u32,
    pub tickets: u32,
    /// Waiting for their payment.
    pub unpaid: u32,
    pub disputed: u32,
    pub money: Vec<MoneyBackView>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyBackView {
    pub refund: Money,
    pub fee: Money,
    pub tax: Money,
    pub own: Money,
    pub balance: Option<Money>,
    pub short: Option<Money>,
}

/// The latest run of an event, and the latest offer to give tickets back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventRefundsView {
    pub event_id: String,
    /// The refunds wait for a second person.
    pub waits: bool,
    /// Nothing was refunded although the event does not take place as planned.
    pub can_start: bool,
    pub run: Option<RunView>,
    pub offer: Option<OfferView>,
    pub rows: Vec<RunRowView>,
    pub next: Option<String>,
}

impl EventRefundsView {
    /// Whether something will change by itself.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.run
            .as_ref()
            .is_some_and(|run| run.working || run.on_the_way > 0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    pub cause: RunCause,
    pub reason: String,
    pub working: bool,
    pub started_by: Option<String>,
    pub started: Moment,
    pub finished: Option<Moment>,
    pub all: u32,
    pub waiting: u32,
    pub on_the_way: u32,
    pub sent: u32,
    pub failed: u32,
    pub skipped: u32,
    pub money: Vec<RunMoneyView>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMoneyView {
    pub promised: Money,
    pub sent: Money,
    pub failed: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRowView {
    pub code: String,
    pub buyer_name: String,
    pub outcome: RunOutcome,
    pub why: String,
    pub provider_says: String,
    pub amount: Money,
    pub changed: DateTime,
    pub zone: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    pub until: Moment,
    pub open: bool,
    pub kept: u32,
    pub given_back: u32,
    pub silent: u32,
    pub money_back: Money,
}

/// What a buyer may decide about their tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiveBackView {
    pub secret: String,
    pub standing: GiveBackStanding,
    pub event_title: String,
    pub event_slug: String,
    pub organizer: String,
    pub moved: bool,
    pub starts: Moment,
    pub until: Moment,
    pub amount: Money,
    pub tickets: u32,
    pub kept: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GiveBackStanding {
    Open,
    Over,
    GivenBack,
    Inside,
    Disputed,
}
