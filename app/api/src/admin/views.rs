//! What the platform's pages show.

use domain::money::Money;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

/// One page of a long list; `next` is the cursor of the following one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

/// The platform at a glance; `…_today` are the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewView {
    pub users: u64,
    pub organizations: u64,
    pub suspended_organizations: u64,
    pub events_on_sale: u64,
    pub orders_today: u64,
    pub tickets_today: u64,
    pub check_ins_today: u64,
    pub mails_waiting: u64,
    pub mails_dead: u64,
    pub jobs_waiting: u64,
    pub jobs_dead: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRowView {
    pub id: String,
    pub name: String,
    pub email: String,
    pub verified: bool,
    pub platform_admin: bool,
    pub suspended: bool,
    pub organizations: u64,
    /// UTC.
    pub created: DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserView {
    pub id: String,
    pub name: String,
    pub email: String,
    pub verified: bool,
    pub platform_admin: bool,
    pub suspended_reason: Option<String>,
    pub created: DateTime,
    pub last_seen: Option<DateTime>,
    pub has_authenticator: bool,
    /// Organization's id, its name, the person's role in it.
    pub memberships: Vec<LinkedRole>,
    /// The person who is looking.
    pub me: bool,
}

/// A person in an organization, or an organization of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedRole {
    pub id: String,
    pub name: String,
    pub role: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRowView {
    pub id: String,
    pub name: String,
    pub contact_email: String,
    pub suspended: bool,
    pub events: u64,
    pub created: DateTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformOrganizationView {
    pub id: String,
    pub slug: String,
    pub name: String,
    pub contact_email: String,
    pub suspended_reason: Option<String>,
    pub created: DateTime,
    pub events_on_sale: u64,
    pub open_orders: u64,
    pub tickets_to_come: u64,
    pub orders: u64,
    pub members: Vec<LinkedRole>,
    /// What the next correction of what it is owed is called.
    pub adjustment: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformEventView {
    pub slug: String,
    pub title: String,
    pub state: String,
    pub organization: String,
    pub organization_id: String,
    pub city: String,
    /// In the event's zone.
    pub starts: DateTime,
    pub zone: String,
    pub sold: u64,
    pub capacity: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlatformOrderView {
    pub code: String,
    pub state: String,
    pub buyer_name: String,
    pub buyer_email: String,
    pub event: String,
    pub event_slug: String,
    pub organization: String,
    pub organization_id: String,
    pub total: Money,
    pub created: DateTime,
}
