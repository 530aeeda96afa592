//! Events with their pools and ticket types.

use std::collections::BTreeMap;

use domain::{
    ids::{EventId, PoolId, TicketTypeId},
    money::{Currency, Money},
    when::Timestamp,
};
use jiff::SignedDuration;
use services::{checkout::EventRef, db::Scope, search};
use uuid::Uuid;

use crate::{Organization, World, world::jiff_text};

/// Describes an event; [`EventBuilder::published`] makes it.
pub struct EventBuilder<'w> {
    world: &'w World,
    title: String,
    organization: Option<Organization>,
    currency: Currency,
    starts_in: SignedDuration,
    lasts: SignedDuration,
    refund_policy: serde_json::Value,
    change_terms: Option<serde_json::Value>,
    visibility: &'static str,
    pools: Vec<(String, i32)>,
    types: Vec<NewType>,
}

struct NewType {
    name: String,
    price_minor: i64,
    pools: Vec<String>,
    per_order: (i16, i16),
    per_customer: Option<i16>,
    sales: (Option<Timestamp>, Option<Timestamp>),
}

/// An event that stands in the database.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: EventId,
    pub organization: Organization,
    pub slug: String,
    pub currency: Currency,
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub types: BTreeMap<String, TicketTypeId>,
    pub pools: BTreeMap<String, PoolId>,
}

impl Event {
    pub fn as_ref(&self) -> EventRef {
        EventRef::Id(self.id)
    }

    /// The ticket type of that name.
    pub fn of_type(&self, name: &str) -> TicketTypeId {
        *self
            .types
            .get(name)
            .unwrap_or_else(|| panic!("no ticket type {name}"))
    }

    pub fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }
}

impl<'w> EventBuilder<'w> {
    pub(crate) fn new(world: &'w World, title: &str) -> Self {
        Self {
            world,
            title: title.to_owned(),
            organization: None,
            currency: Currency::EUR,
            starts_in: SignedDuration::from_hours(24 * 30),
            lasts: SignedDuration::from_hours(3),
            refund_policy: serde_json::json!([]),
            change_terms: None,
            visibility: "public",
            pools: Vec::new(),
            types: Vec::new(),
        }
    }

    /// Otherwise an organization of its own.
    pub fn by(mut self, organization: &Organization) -> Self {
        self.organization = Some(organization.clone());
        self
    }

    pub fn currency(mut self, currency: Currency) -> Self {
        self.currency = currency;
        self
    }

    pub fn starts_in(mut self, starts_in: SignedDuration) -> Self {
        self.starts_in = starts_in;
        self
    }

    pub fn lasts(mut self, lasts: SignedDuration) -> Self {
        self.lasts = lasts;
        self
    }

    /// From how many days before which percentage is given back.
    pub fn refunds(mut self, tiers: &[(u16, u8)]) -> Self {
        let tier = |(days_before, percent): &(u16, u8)| serde_json::json!({"days_before": days_before, "percent": percent});
        self.refund_policy = tiers.iter().map(tier).collect();
        self
    }

    /// What buyers may change by themselves: until how many hours before, for which fee, and whether a difference goes back.
    pub fn changes(mut self, until_hours: u16, fee_minor: i64, returns_difference: bool) -> Self {
        self.change_terms = Some(serde_json::json!({
            "until_hours": until_hours, "fee_minor": fee_minor, "returns_difference": returns_difference,
        }));
        self
    }

    pub fn unlisted(mut self) -> Self {
        self.visibility = "unlisted";
        self
    }

    /// Capacity to be shared.
    pub fn pool(mut self, name: &str, capacity: i32) -> Self {
        self.pools.push((name.to_owned(), capacity));
        self
    }

    /// A ticket type with a pool of its own.
    pub fn ticket_type(self, name: &str, price_minor: i64, capacity: i32) -> Self {
        self.pool(name, capacity)
            .type_of(name, price_minor, &[name])
    }

    /// A ticket type that draws from the named pools.
    pub fn type_of(mut self, name: &str, price_minor: i64, pools: &[&str]) -> Self {
        self.types.push(NewType {
            name: name.to_owned(),
            price_minor,
            pools: pools.iter().map(|pool| (*pool).to_owned()).collect(),
            per_order: (1, 10),
            per_customer: None,
            sales: (None, None),
        });
        self
    }

    /// How few and how many of the last ticket type go into one order.
    pub fn per_order(mut self, least: i16, most: i16) -> Self {
        if let Some(last) = self.types.last_mut() {
            last.per_order = (least, most);
        }
        self
    }

    /// How many of the last ticket type one customer may have.
    pub fn per_customer(mut self, most: i16) -> Self {
        if let Some(last) = self.types.last_mut() {
            last.per_customer = Some(most);
        }
        self
    }

    /// When the last ticket type is on sale.
    pub fn on_sale(mut self, from: Option<Timestamp>, until: Option<Timestamp>) -> Self {
        if let Some(last) = self.types.last_mut() {
            last.sales = (from, until);
        }
        self
    }

    pub async fn published(self) -> Event {
        self.make("published").await
    }

    pub async fn draft(self) -> Event {
        self.make("draft").await
    }

    async fn make(self, state: &str) -> Event {
        let w = self.world;
        let organization = match self.organization.clone() {
            Some(organization) => organization,
            None => w.organization(&format!("{} organizer", self.title)).await,
        };
        let id = EventId::new(w.sv.new_id());
        let slug = format!(
            "{}-{}",
            domain::text::Slug::from_title(&self.title).as_str(),
            &id.to_string()[30..]
        );
        let now = w.now();
        let starts_at = now + self.starts_in;
        let ends_at = starts_at + self.lasts;
        let mut tx = w.sv.db.begin(Scope::System).await.unwrap();
        sqlx::query(
            "insert into events (id, organization_id, slug, title, category, state, visibility, venue_name, venue_city,
                                 time_zone, starts_at, ends_at, currency, refund_policy, published_at, created_at, updated_at,
                                 change_terms)
             values ($1, $2, $3, $4, 'concert', $5, $6, 'Kino Šiška', 'Ljubljana', 'Europe/Ljubljana', $7::timestamptz,
                     $8::timestamptz, $9, $10, $11::timestamptz, $11::timestamptz, $11::timestamptz, $12)",
        )
        .bind(id.get())
        .bind(organization.id.get())
        .bind(&slug)
        .bind(&self.title)
        .bind(state)
        .bind(self.visibility)
        .bind(jiff_text(starts_at))
        .bind(jiff_text(ends_at))
        .bind(self.currency.as_str())
        .bind(&self.refund_policy)
        .bind(jiff_text(now))
        .bind(&self.change_terms)
        .execute(&mut *tx)
        .await
        .unwrap();
        search::index_event(&mut tx, id).await.unwrap();
        let mut pools = BTreeMap::new();
        for (name, capacity) in &self.pools {
            let pool = w.sv.new_id();
            sqlx::query("insert into pools (id, organization_id, event_id, name, capacity) values ($1, $2, $3, $4, $5)")
                .bind(pool)
                .bind(organization.id.get())
                .bind(id.get())
                .bind(name)
                .bind(capacity)
                .execute(&mut *tx)
                .await
                .unwrap();
            pools.insert(name.clone(), PoolId::new(pool));
        }
        let mut types = BTreeMap::new();
        for (n, new) in (1_i16..).zip(&self.types) {
            let ticket_type = w.sv.new_id();
            sqlx::query(
                "insert into ticket_types (id, organization_id, event_id, number, name, price_minor, min_per_order,
                                           max_per_order, sales_from, sales_until, position, created_at,
                                           max_per_customer)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz, $10::timestamptz, $4, $11::timestamptz, $12)",
            )
            .bind(ticket_type)
            .bind(organization.id.get())
            .bind(id.get())
            .bind(n)
            .bind(&new.name)
            .bind(new.price_minor)
            .bind(new.per_order.0)
            .bind(new.per_order.1)
            .bind(new.sales.0.map(jiff_text))
            .bind(new.sales.1.map(jiff_text))
            .bind(jiff_text(now))
            .bind(new.per_customer)
            .execute(&mut *tx)
            .await
            .unwrap();
            let from: Vec<Uuid> = new
                .pools
                .iter()
                .map(|pool| {
                    pools
                        .get(pool)
                        .unwrap_or_else(|| panic!("no pool {pool}"))
                        .get()
                })
                .collect();
            sqlx::query(
                "insert into ticket_type_pools (organization_id, ticket_type_id, pool_id)
                 select $1, $2, pool from unnest($3::uuid[]) as pool",
            )
            .bind(organization.id.get())
            .bind(ticket_type)
            .bind(&from)
            .execute(&mut *tx)
            .await
            .unwrap();
            types.insert(new.name.clone(), TicketTypeId::new(ticket_type));
        }
        tx.commit().await.unwrap();
        Event {
            id,
            organization,
            slug,
            currency: self.currency,
            starts_at,
            ends_at,
            types,
            pools,
        }
    }
}
