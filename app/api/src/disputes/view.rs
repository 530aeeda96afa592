//! What the pages about disputes show.

use domain::{
    disputes::{DisputeReason, DisputeState, EvidencePart, TicketPolicy},
    money::Money,
};
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeRowView {
    pub id: String,
    pub order: String,
    pub event: String,
    pub state: DisputeState,
    pub reason: DisputeReason,
    pub amount: Money,
    pub answer_by: Option<DateTime>,
    pub opened: DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeListView {
    pub rows: Vec<DisputeRowView>,
    pub next: Option<String>,
    pub policy: TicketPolicy,
    pub may_manage: bool,
}

/// One line of what happened: a state, `answered` or `accepted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeStepView {
    pub at: DateTime,
    pub what: String,
    pub by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeCaseView {
    pub id: String,
    pub order: String,
    pub event: String,
    pub buyer: String,
    pub state: DisputeState,
    pub reason: DisputeReason,
    pub amount: Money,
    pub taken: Money,
    pub costs: Vec<Money>,
    pub refunded: Money,
    pub opened: DateTime,
    pub answer_by: Option<DateTime>,
    pub answered: Option<DateTime>,
    pub takes_answer: bool,
    pub may_manage: bool,
    pub blocked: bool,
    pub statement: String,
    /// What was sent, or would be sent now.
    pub evidence: Vec<(EvidencePart, String)>,
    pub steps: Vec<DisputeStepView>,
}
