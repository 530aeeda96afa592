//! What the pages of promo codes show.

use domain::money::Money;
use serde::{Deserialize, Serialize};

use super::PromoForm;

/// What a code takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffView {
    /// As a decimal number.
    Percent(String),
    Ticket(Money),
    Order(Money),
}

/// Whether it can be used now, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromoStanding {
    Active,
    Paused,
    NotYet,
    Over,
    UsedUp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromoRowView {
    pub id: String,
    pub code: String,
    pub name: String,
    pub standing: PromoStanding,
    pub off: OffView,
    /// Title of its event; `None`: all events.
    pub event: Option<String>,
    pub used: u32,
    pub max_uses: Option<u32>,
    pub spent: Money,
    pub budget: Option<Money>,
    /// On the clocks of the organization.
    pub until: Option<jiff::civil::DateTime>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromoListView {
    pub rows: Vec<PromoRowView>,
    pub next: Option<String>,
    /// IANA name.
    pub zone: String,
}

/// Something to choose: value and label.
pub type Named = (String, String);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromoChoicesView {
    pub events: Vec<Named>,
    /// Of the chosen event.
    pub event: Option<String>,
    pub ticket_types: Vec<Named>,
    /// Where no event is chosen: those of the organization's events, else all.
    pub currencies: Vec<String>,
    /// Of the chosen event, or the likely one.
    pub currency: String,
    /// IANA name.
    pub zone: String,
    /// How many can be made at once.
    pub most: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromoPageView {
    pub row: PromoRowView,
    pub paused: bool,
    /// Nobody ever had it.
    pub removable: bool,
    pub form: PromoForm,
    pub choices: PromoChoicesView,
    /// Pages whose visitors have the code: title and address.
    pub links: Vec<Named>,
}
