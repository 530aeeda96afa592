//! What the sample data says: organizers, events, prices and people, all invented.
//!
//! Days count from the day of filling, so that the sample never grows old. Texts are finished copy in
//! English and Arabic; event descriptions are Markdown.

mod berlin;
mod cairo_amman;
mod istanbul_zurich;
mod kuwait_tokyo;
mod ljubljana;
mod london;
mod new_york;
pub mod organizations;
pub mod people;

use artwork::Style;
use domain::catalog::Category;
use domain::when::Timestamp;
use jiff::civil::{Date, Weekday, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

pub use organizations::ORGANIZATIONS;

/// The language an organizer writes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    En,
    Ar,
}

/// An organizer. Sign-in addresses are made from the key.
#[derive(Clone, Copy, Debug)]
pub struct DemoOrganization {
    pub key: &'static str,
    pub slug: &'static str,
    pub name: &'static str,
    /// Markdown.
    pub about: &'static str,
    pub city: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    pub contact: &'static str,
    pub language: Language,
    /// Currency of new events.
    pub currency: &'static str,
    pub time_zone: &'static str,
    pub verified: bool,
}

/// Where an event takes place.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    Venue {
        name: &'static str,
        address: &'static str,
        city: &'static str,
        country: &'static str,
    },
    /// Guests get the address with their ticket.
    Online { link: &'static str },
}

/// When an event takes place, in its own time zone.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// Days from today to the first day; negative for the past.
    pub day: i32,
    pub hour: i8,
    pub minute: i8,
    /// From the start of the first day to the end of the last.
    pub minutes: u32,
    /// Moves the first day forward to this day of the week, for texts that name it.
    pub weekday: Option<Weekday>,
}

impl When {
    /// Start and end, seen from a day that counts as today.
    ///
    /// # Errors
    /// When the date lies outside the calendar or the hour is not an hour.
    pub fn instants(
        &self,
        today: Date,
        zone: &TimeZone,
    ) -> Result<(Timestamp, Timestamp), jiff::Error> {
        let mut day = today.checked_add(self.day.days())?;
        if let Some(weekday) = self.weekday {
            day = day.checked_add(i64::from(day.weekday().until(weekday)).days())?;
        }
        let starts = zone.to_timestamp(day.to_datetime(time(self.hour, self.minute, 0, 0)))?;
        let ends = starts.checked_add(SignedDuration::from_mins(i64::from(self.minutes)))?;
        Ok((starts, ends))
    }

    const fn first(self, weekday: Weekday) -> Self {
        Self {
            weekday: Some(weekday),
            ..self
        }
    }
}

/// How far an event has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Published,
    Unlisted,
    /// Published, and every pool is empty.
    SoldOut,
    Cancelled,
    Postponed,
    Draft,
    /// Published, and over.
    Past,
}

/// Stock that one or more ticket types draw from.
#[derive(Clone, Copy, Debug)]
pub struct DemoPool {
    pub key: &'static str,
    pub name: &'static str,
    pub capacity: u32,
}

/// When a ticket type is on sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SalesWindow {
    /// From publication until the event ends.
    Open,
    /// Until so many days from today (negative: over already).
    Until(i32),
    /// From so many days from today.
    From(i32),
}

#[derive(Clone, Copy, Debug)]
pub struct DemoTicket {
    pub name: &'static str,
    pub description: &'static str,
    /// All-in price in the smallest unit of the event's currency.
    pub price: i64,
    /// Keys of the pools a ticket takes one place from, each.
    pub pools: &'static [&'static str],
    pub per_order: u16,
    pub sales: SalesWindow,
    /// How popular the type is beside its siblings.
    pub weight: u16,
}

/// How sales came in over the days before today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    Steady,
    /// Most on the first day.
    Rush,
    /// More every day.
    Rising,
    /// A newsletter or a review three days ago.
    Spike,
}

#[derive(Clone, Copy, Debug)]
pub struct SalesProfile {
    /// Percent of the smallest pool's capacity that was sold.
    pub sold_percent: u8,
    /// Over how many days before today, or before the event for past ones.
    pub days: u16,
    pub curve: Curve,
    /// Percent of orders that were refunded.
    pub refunded_percent: u8,
    /// Percent of valid tickets that came in; only for running and past events.
    pub arrived_percent: u8,
}

#[derive(Clone, Copy, Debug)]
pub struct DemoEvent {
    pub organizer: &'static str,
    pub slug: &'static str,
    pub title: &'static str,
    pub summary: &'static str,
    /// Markdown.
    pub description: &'static str,
    pub category: Category,
    pub language: Language,
    pub place: Place,
    pub time_zone: &'static str,
    pub when: When,
    pub currency: &'static str,
    pub pools: &'static [DemoPool],
    pub tickets: &'static [DemoTicket],
    pub state: State,
    pub artwork: (Style, u64),
    pub sales: SalesProfile,
    /// (days before the start, percent given back), longest notice first; empty: no returns.
    pub refund_policy: &'static [(u16, u8)],
}

/// Every sample event, organizer by organizer.
pub fn events() -> impl Iterator<Item = &'static DemoEvent> {
    [
        berlin::EVENTS,
        ljubljana::EVENTS,
        london::EVENTS,
        new_york::EVENTS,
        cairo_amman::EVENTS,
        kuwait_tokyo::EVENTS,
        istanbul_zurich::EVENTS,
    ]
    .into_iter()
    .flatten()
}

const fn on(day: i32, hour: i8, minute: i8, minutes: u32) -> When {
    When {
        day,
        hour,
        minute,
        minutes,
        weekday: None,
    }
}

const fn venue(
    name: &'static str,
    address: &'static str,
    city: &'static str,
    country: &'static str,
) -> Place {
    Place::Venue {
        name,
        address,
        city,
        country,
    }
}

const fn pool(key: &'static str, name: &'static str, capacity: u32) -> DemoPool {
    DemoPool {
        key,
        name,
        capacity,
    }
}

const fn ticket(
    name: &'static str,
    description: &'static str,
    price: i64,
    pools: &'static [&'static str],
    weight: u16,
) -> DemoTicket {
    DemoTicket {
        name,
        description,
        price,
        pools,
        per_order: 8,
        sales: SalesWindow::Open,
        weight,
    }
}

impl DemoTicket {
    const fn at_most(self, per_order: u16) -> Self {
        Self { per_order, ..self }
    }

    const fn until(self, day: i32) -> Self {
        Self {
            sales: SalesWindow::Until(day),
            ..self
        }
    }

    const fn from(self, day: i32) -> Self {
        Self {
            sales: SalesWindow::From(day),
            ..self
        }
    }
}

const fn sold(sold_percent: u8, days: u16, curve: Curve) -> SalesProfile {
    SalesProfile {
        sold_percent,
        days,
        curve,
        refunded_percent: 3,
        arrived_percent: 0,
    }
}

impl SalesProfile {
    const fn arrived(self, arrived_percent: u8) -> Self {
        Self {
            arrived_percent,
            ..self
        }
    }

    const fn refunded(self, refunded_percent: u8) -> Self {
        Self {
            refunded_percent,
            ..self
        }
    }
}

const NOTHING_SOLD: SalesProfile = SalesProfile {
    sold_percent: 0,
    days: 0,
    curve: Curve::Steady,
    refunded_percent: 0,
    arrived_percent: 0,
};

const FAIR: &[(u16, u8)] = &[(14, 100), (3, 50)];
const GENEROUS: &[(u16, u8)] = &[(1, 100)];
const STRICT: &[(u16, u8)] = &[(30, 80)];
const NO_RETURNS: &[(u16, u8)] = &[];

#[cfg(test)]
mod tests;
