//! What can happen to an order, as its history tells it.

use serde::{Deserialize, Serialize};

use super::Decision;
use crate::{money::Money, payments::DeclineReason};

/// One thing that happened to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    Placed,
    PaymentStarted,
    PaymentFailed {
        reason: Option<DeclineReason>,
    },
    Paid,
    /// The organizer was asked.
    Asked,
    /// A request was approved, or nobody decided in time.
    Decided {
        decision: Decision,
    },
    Expired,
    Cancelled {
        reason: String,
    },
    /// Tickets were given in for those of this order.
    ExchangedFor {
        order: String,
    },
    /// It was made for tickets of this order.
    ExchangedFrom {
        order: String,
    },
    /// So many tickets ended while the order went on.
    TicketsVoid {
        count: u32,
    },
    RefundPromised {
        amount: Money,
        reason: String,
    },
    RefundSent {
        amount: Money,
    },
    RefundFailed {
        amount: Money,
    },
    /// A mail of this kind was queued and, if so, sent.
    Mail {
        mail: String,
        recipient: String,
        sent: bool,
    },
    CheckedIn {
        holder: String,
        gate: String,
    },
}
