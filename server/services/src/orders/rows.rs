//! An order on its way into and out of the database.

use domain::{
    ids::{EventId, HoldId, OrderCode, OrderId, OrderLineId, OrganizationId},
    ledger::{LedgerError, Takings},
    money::Money,
    orders::{Asking, ChangeTerms, Decision, OrderDetails, OrderState, RefundPolicy},
    pricing::{QuoteLine, SoldIn},
    when::Timestamp,
};
use locales::Locale;
use serde::{Deserialize, Serialize};

use crate::Origin;

/// What a company wants on its invoice; all empty when none is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    pub name: String,
    pub address: String,
    pub vat_id: String,
}

pub(crate) struct NewOrder {
    pub id: OrderId,
    pub code: OrderCode,
    pub organization: OrganizationId,
    pub event: EventId,
    /// Nothing where the places were not chosen at the shop.
    pub hold: Option<HoldId>,
    pub locale: Locale,
    pub details: OrderDetails,
    pub invoice: Invoice,
    pub total: Money,
    /// Within the total.
    pub tax: Money,
    /// The platform's, within the total.
    pub fee: Money,
    /// There is no tax because the buyer owes it.
    pub reverse_charge: bool,
    pub refund_policy: RefundPolicy,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// What tickets that are given in pay of it.
    pub credit: Money,
    /// Whether it needs the organizer's yes, and how many hours they have. One whose card is held first is paid for first.
    pub asking: Asking,
    pub asking_hours: u16,
    pub channel: Channel,
    /// From where its buyer made it; nothing is known where somebody else did.
    pub from: Origin,
    pub lines: Vec<NewLine>,
}

impl NewOrder {
    /// What it begins as.
    pub fn state(&self) -> OrderState {
        match self.asking {
            Asking::Ask => OrderState::Asked,
            Asking::No | Asking::Hold => OrderState::Pending,
        }
    }
}

/// Where an order was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// By its buyer, at the shop.
    Web,
    /// By a member of the team.
    Organizer,
}

impl Channel {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Organizer => "organizer",
        }
    }
}

pub(crate) struct NewLine {
    pub id: OrderLineId,
    pub priced: QuoteLine,
    /// What one costs without the code, where one takes something off.
    pub full: Option<Money>,
    /// Of the type's prices, where it has several one after the other.
    pub phase: Option<SoldIn>,
}

/// Where the places of an order are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stock {
    Held,
    Sold,
    Released,
}

impl Stock {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Sold => "sold",
            Self::Released => "released",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        [Self::Held, Self::Sold, Self::Released]
            .into_iter()
            .find(|stock| stock.code() == code)
    }
}

/// An order under lock.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub id: OrderId,
    pub organization: OrganizationId,
    pub event: EventId,
    pub code: OrderCode,
    pub state: OrderState,
    pub stock: Stock,
    pub buyer_email: String,
    pub total: Money,
    /// Within the total.
    pub tax: Money,
    /// The platform's, within the total.
    pub fee: Money,
    /// There is no tax because the buyer owes it.
    pub reverse_charge: bool,
    pub refunded: Money,
    /// Held by buyers' banks, or lost to them.
    pub disputed: Money,
    /// Of that, what is lost for good.
    pub lost: Money,
    /// Lost for good with payments of other orders that its credit came from.
    pub lost_elsewhere: Money,
    /// What tickets that were given in pay of the total; there once it is paid.
    pub credit: Money,
    /// Of that, what banks hold of the payments it came from.
    pub withheld: Money,
    pub policy: RefundPolicy,
    /// Until when and how the buyer may change tickets; nothing: not at all.
    pub change_terms: Option<ChangeTerms>,
    /// When the event was to start, as the buyer agreed to the policy.
    pub agreed_starts_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
    pub cancelled_at: Option<Timestamp>,
    pub cancel_reason: String,
    /// Whether it needed the organizer's yes.
    pub asking: Asking,
    /// How long they have to decide.
    pub asking_hours: u16,
    pub decision: Option<Decision>,
}

impl Order {
    /// What the buyer pays, and whose it is.
    pub(crate) fn takings(&self) -> Takings {
        Takings {
            total: self.total,
            tax: self.tax,
            fee: self.fee,
        }
    }

    /// What is to be paid with money.
    pub(crate) fn due(&self) -> Money {
        Money::new(
            self.total.minor.saturating_sub(self.credit.minor).max(0),
            self.total.currency,
        )
    }

    /// Whose the money is that is to be paid; the rest is that of the credit.
    pub(crate) fn due_takings(&self) -> Result<Takings, LedgerError> {
        if self.credit.is_zero() {
            return Ok(self.takings());
        }
        self.takings()
            .back(Money::zero(self.total.currency), self.due())
    }

    /// What has come in, if anything has: a credit comes with the payment of the rest, or not at all.
    fn came_in(&self) -> Money {
        if self.paid_at.is_some() {
            self.total
        } else {
            self.due()
        }
    }

    /// What of the money is not here any more, whoever has it.
    pub(crate) fn gone(&self) -> Money {
        let gone = self.refunded.minor.saturating_add(self.disputed.minor);
        Money::new(
            gone.saturating_add(self.withheld.minor),
            self.total.currency,
        )
    }

    /// What of the money has gone for good, with its share of tax.
    pub(crate) fn gone_for_good(&self) -> Money {
        let lost = self.lost.minor.saturating_add(self.lost_elsewhere.minor);
        Money::new(
            self.refunded.minor.saturating_add(lost),
            self.total.currency,
        )
    }

    /// What of the money is still here.
    pub(crate) fn left(&self) -> Money {
        Money::new(
            self.came_in()
                .minor
                .saturating_sub(self.gone().minor)
                .max(0),
            self.total.currency,
        )
    }
}
