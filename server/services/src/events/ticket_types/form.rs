//! What an organizer fills in about a ticket type.

use domain::{
    ids::PoolId,
    money::{Currency, Money},
    text::{Fault, FieldErrors, line},
    when::Timestamp,
};

use super::payable::Asked;
use crate::events::{EventError, change::Locked, input, prices::chosen, times};

const LARGEST_PRICE_MINOR: i64 = 100_000_000_000;

#[derive(Debug, Default, Clone)]
pub struct TicketTypeInput {
    pub name: String,
    pub description: String,
    /// "0" or empty is free.
    pub price: String,
    /// A rate of the country's list; empty: the event's.
    pub tax_rate: String,
    /// A typed rate, which goes before the chosen one.
    pub other_tax_rate: String,
    pub min_per_order: String,
    pub max_per_order: String,
    /// Over all orders of one customer; empty: as many as they want.
    pub max_per_customer: String,
    /// What to look at at the door; empty: nothing.
    pub door_note: String,
    pub sales_from: String,
    pub sales_until: String,
    /// Pools it takes its place from, or else an `own_capacity`, which makes one.
    pub pools: Vec<PoolId>,
    pub own_capacity: String,
}

/// A form without faults.
pub(super) struct Checked {
    pub name: String,
    pub description: String,
    pub price_minor: i64,
    pub tax_rate: Option<i32>,
    pub min: i16,
    pub max: i16,
    pub max_per_customer: Option<i16>,
    pub door_note: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub own_capacity: Option<i32>,
}

impl Checked {
    /// What buyers are asked for.
    pub fn asked(&self, event: &Locked) -> Asked {
        Asked {
            typed_minor: self.price_minor,
            currency: event.currency,
            tax_rate: self.tax_rate,
            min_per_order: self.min,
        }
    }
}

/// All faults at once.
pub(super) fn check(cmd: &TicketTypeInput, event: &Locked) -> Result<Checked, EventError> {
    let mut errors = FieldErrors::new();
    let name = errors.field("name", line(&cmd.name, 1, 80));
    let description = errors.field("description", line(&cmd.description, 0, 300));
    let door_note = errors.field("door_note", line(&cmd.door_note, 0, 140));
    let price = errors.field("price", price(&cmd.price, event.currency));
    let rate = errors.field("tax_rate", chosen(&cmd.tax_rate));
    let other = errors.field("other_tax_rate", chosen(&cmd.other_tax_rate));
    let tax = other.flatten().or(rate.flatten());
    let max = errors.field("max_per_order", input::small(&cmd.max_per_order, 1, 100));
    let min = errors.field(
        "min_per_order",
        input::small(&cmd.min_per_order, 1, max.unwrap_or(100)),
    );
    let max_per_customer = match cmd.max_per_customer.trim() {
        "" => Ok(None),
        typed => input::small(typed, 1, 1000).map(Some),
    };
    let max_per_customer = errors.field("max_per_customer", max_per_customer);
    let from = errors.field(
        "sales_from",
        times::optional(&cmd.sales_from, &event.time_zone),
    );
    let until = errors.field(
        "sales_until",
        times::optional(&cmd.sales_until, &event.time_zone),
    );
    if let (Some(Some(from)), Some(Some(until))) = (from, until)
        && until <= from
    {
        errors.add("sales_until", Fault::EndBeforeStart);
    }
    let own_capacity = match cmd.own_capacity.trim() {
        "" if !cmd.pools.is_empty() => Ok(None),
        _ if !cmd.pools.is_empty() => Err(Fault::UnknownChoice),
        typed => input::capacity(typed, 1).map(Some),
    };
    let own_capacity = errors.field("own_capacity", own_capacity);
    errors.finish()?;
    match (
        name,
        description,
        price,
        min,
        max,
        max_per_customer,
        from,
        until,
        own_capacity,
    ) {
        (
            Some(name),
            Some(description),
            Some(price),
            Some(min),
            Some(max),
            Some(max_per_customer),
            Some(from),
            Some(until),
            Some(own),
        ) => Ok(Checked {
            name,
            description,
            price_minor: price.minor,
            tax_rate: tax.map(|rate| i32::from(rate.thousandths())),
            min,
            max,
            max_per_customer,
            door_note: door_note.filter(|note| !note.is_empty()),
            from,
            until,
            own_capacity: own,
        }),
        _ => Err(EventError::NotFound),
    }
}

pub(in crate::events) fn price(text: &str, currency: Currency) -> Result<Money, Fault> {
    if text.trim().is_empty() {
        return Ok(Money::zero(currency));
    }
    let price = Money::parse_major(text, currency)?;
    if price.minor > LARGEST_PRICE_MINOR {
        Err(Fault::TooLarge { max: 100_000_000 })
    } else {
        Ok(price)
    }
}
