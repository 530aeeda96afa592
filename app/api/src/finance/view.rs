//! What pages about money show.

use domain::{
    money::Money,
    payouts::{PayoutState, Schedule},
};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// The organization's money in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BalanceView {
    /// What can be paid out; below zero when the organization owes the platform.
    pub owed: Money,
    /// The tax in it.
    pub tax: Money,
    pub reserve: Money,
    pub on_the_way: Money,
    pub refunds: Money,
    /// Held by buyers' banks until they decide.
    pub disputed: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutAccountView {
    pub holder: String,
    pub last_four: String,
    pub since: DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyPageView {
    pub balances: Vec<BalanceView>,
    pub account: Option<PayoutAccountView>,
    pub schedule: Schedule,
    /// When everything is paid out by itself the next time.
    pub next_payout: Option<DateTime>,
    pub payouts: Vec<PayoutView>,
    pub more_payouts: bool,
    pub may_manage: bool,
    /// Whether the viewer has shown a short while ago who they are.
    pub proved: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutView {
    pub number: i32,
    pub amount: Money,
    pub state: PayoutState,
    pub last_four: String,
    pub requested: DateTime,
    pub ended: Option<DateTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutListView {
    pub rows: Vec<PayoutView>,
    pub next: Option<String>,
}

/// One booking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementView {
    pub at: DateTime,
    /// As the ledger names it: `sale`, `refund`, `payout` …
    pub kind: String,
    pub order: Option<String>,
    pub event: Option<String>,
    pub payout: Option<i32>,
    /// Why, of a correction.
    pub reason: Option<String>,
    /// By how much it changed what is owed to the organization.
    pub owed: Money,
    pub tax: Money,
    pub fee: Money,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementListView {
    pub rows: Vec<MovementView>,
    pub next: Option<String>,
}

/// A payout and how it came about: `opening` and `sums` make `closing`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementView {
    pub payout: PayoutView,
    pub holder: String,
    pub reference: String,
    /// When the bank gave it back, and why.
    pub returned: Option<(DateTime, String)>,
    pub opening: Money,
    pub closing: Money,
    /// What each kind of booking has changed.
    pub sums: Vec<(String, Money)>,
    /// One page of them; the file has all.
    pub lines: Vec<MovementView>,
    pub next: Option<String>,
}

/// `gross - refunded - disputed - dispute_fees - tax - fees = net`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRowView {
    pub key: String,
    pub name: String,
    pub orders: u32,
    pub gross: Money,
    pub refunded: Money,
    pub disputed: Money,
    /// What the provider charges for disputes.
    pub dispute_fees: Money,
    pub tax: Money,
    pub fees: Money,
    pub net: Money,
    /// What the provider charged; only in the platform's reports.
    pub costs: Option<Money>,
    /// Owed to the organizer at the end; only in the platform's report by organization.
    pub owed: Option<Money>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportView {
    /// `month`, `day`, `event`, `type`, `rate`, `method` or `organization`.
    pub by: String,
    pub first: Date,
    pub last: Date,
    /// The moment of the books, in UTC, and as the address carries it.
    pub as_of: DateTime,
    pub as_of_text: String,
    /// Whose days these are.
    pub zone: String,
    /// The address of the only event; empty: all.
    pub event: String,
    pub rows: Vec<ReportRowView>,
    /// One for each currency; an order that stands in several rows counts once.
    pub totals: Vec<ReportRowView>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizerReportView {
    pub report: ReportView,
    /// Address and name of events that can be asked for by themselves, the latest first.
    pub events: Vec<(String, String)>,
    pub may_set_zone: bool,
}
