//! Invents the sales of an event: who bought what and when, who gave tickets back, who came.
//!
//! Pure: the same event, day and seed give the same orders. No plan takes more than its pools hold.

use super::content::people::{FAMILY, FAMILY_AR, GIVEN, GIVEN_AR};
use super::content::{Curve, DemoEvent, Language, SalesWindow, State};
use artwork::Chance;
use domain::text::search_key;
use domain::when::Timestamp;
use jiff::SignedDuration;

/// How an order ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Paid, or confirmed when free.
    Kept,
    /// Paid and given back in full.
    Returned,
    /// Never paid.
    Abandoned,
}

/// A person with a mail address nobody owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
}

/// A line of an order: the index of the ticket type and one guest per ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedLine {
    pub ticket: usize,
    pub guests: Vec<Guest>,
}

/// Who uses a ticket, and when they came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guest {
    pub name: String,
    pub arrived: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedOrder {
    pub placed: Timestamp,
    /// When it was given back, if it was.
    pub ended: Option<Timestamp>,
    pub buyer: Person,
    pub outcome: Outcome,
    pub lines: Vec<PlannedLine>,
}

/// When an event is, and what time it is now.
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub now: Timestamp,
}

/// Plans the orders of one event, oldest first.
#[must_use]
pub fn orders(event: &DemoEvent, moments: Moments, seed: u64) -> Vec<PlannedOrder> {
    if event.sales.sold_percent == 0 {
        return Vec::new();
    }
    let mut planner = Planner::new(event, moments, seed);
    let mut planned = Vec::new();
    let mut misses = 0;
    // Places run out in the end; a window that never opens must not keep this going.
    while misses < 400 {
        match planner.order() {
            Some(order) => planned.push(order),
            None => misses += 1,
        }
        if planner.full() {
            break;
        }
    }
    planned.sort_by_key(|order| order.placed);
    planned
}

struct Planner<'a> {
    event: &'a DemoEvent,
    moments: Moments,
    chance: Chance,
    /// Places still to be sold, pool by pool.
    left: Vec<u32>,
    opened: Timestamp,
    closed: Timestamp,
    regulars: Vec<Person>,
    /// Tells apart people of one name.
    count: u32,
}

impl<'a> Planner<'a> {
    fn new(event: &'a DemoEvent, moments: Moments, seed: u64) -> Self {
        let closed = moments.now.min(moments.starts);
        let opened = closed - days(i64::from(event.sales.days.max(1)));
        let percent = u32::from(event.sales.sold_percent.min(100));
        let left = event
            .pools
            .iter()
            .map(|pool| pool.capacity * percent / 100)
            .collect();
        Self {
            event,
            moments,
            chance: Chance::new(seed),
            left,
            opened,
            closed,
            regulars: Vec::new(),
            count: 0,
        }
    }

    fn full(&self) -> bool {
        self.event
            .tickets
            .iter()
            .filter(|t| !matches!(t.sales, SalesWindow::From(_)))
            .all(|ticket| !self.fits(ticket.pools, 1))
    }

    fn fits(&self, pools: &[&str], quantity: u32) -> bool {
        self.event
            .pools
            .iter()
            .zip(&self.left)
            .all(|(pool, left)| !pools.contains(&pool.key) || *left >= quantity)
    }

    fn take(&mut self, pools: &[&str], quantity: u32) {
        for (pool, left) in self.event.pools.iter().zip(&mut self.left) {
            if pools.contains(&pool.key) {
                *left = left.saturating_sub(quantity);
            }
        }
    }

    fn order(&mut self) -> Option<PlannedOrder> {
        let placed = self.moment();
        let outcome = self.outcome();
        let wanted = 1 + usize::from(self.chance.one_in(6));
        let mut lines: Vec<PlannedLine> = Vec::new();
        let buyer = self.person();
        for _ in 0..wanted {
            let Some(ticket) = self.ticket(placed) else {
                break;
            };
            if lines.iter().any(|line| line.ticket == ticket) {
                continue;
            }
            let kind = &self.event.tickets[ticket];
            let mut quantity = self
                .chance
                .of([1_u32, 1, 1, 2, 2, 2, 2, 3, 4, 4, 5])
                .min(u32::from(kind.per_order));
            while quantity > 1 && !self.fits(kind.pools, quantity) {
                quantity -= 1;
            }
            if !self.fits(kind.pools, quantity) {
                continue;
            }
            // Tickets given back leave their places to others, except when there is nothing left to go to.
            if outcome == Outcome::Kept || self.event.state == State::Cancelled {
                self.take(kind.pools, quantity);
            }
            let first_is_buyer = lines.is_empty();
            let guests = (0..quantity)
                .map(|n| {
                    let name = if n == 0 && first_is_buyer {
                        buyer.name.clone()
                    } else {
                        self.name().0
                    };
                    let arrived = if outcome == Outcome::Kept {
                        self.arrival()
                    } else {
                        None
                    };
                    Guest { name, arrived }
                })
                .collect();
            lines.push(PlannedLine { ticket, guests });
        }
        if lines.is_empty() {
            return None;
        }
        let ended = match outcome {
            Outcome::Kept => None,
            Outcome::Abandoned => Some(placed + SignedDuration::from_mins(15)),
            Outcome::Returned => {
                let minutes = (self.closed.duration_since(placed).as_mins()).max(1);
                Some(
                    placed
                        + SignedDuration::from_mins(
                            (minutes as f32 * self.chance.between(0.2, 0.9)) as i64,
                        ),
                )
            }
        };
        Some(PlannedOrder {
            placed,
            ended,
            buyer,
            outcome,
            lines,
        })
    }

    fn outcome(&mut self) -> Outcome {
        if self.event.state == State::Cancelled
            || self.chance.percent(self.event.sales.refunded_percent)
        {
            Outcome::Returned
        } else if self.chance.percent(3) {
            Outcome::Abandoned
        } else {
            Outcome::Kept
        }
    }

    /// A ticket type that is on sale at that moment and not used up, by popularity.
    fn ticket(&mut self, at: Timestamp) -> Option<usize> {
        let open: Vec<(usize, usize)> = self
            .event
            .tickets
            .iter()
            .enumerate()
            .filter(|(_, ticket)| match ticket.sales {
                SalesWindow::Open => true,
                SalesWindow::Until(day) => at < self.moments.now + days(i64::from(day)),
                SalesWindow::From(_) => false,
            })
            .filter(|(_, ticket)| self.fits(ticket.pools, 1))
            .map(|(index, ticket)| (index, usize::from(ticket.weight)))
            .collect();
        let mut pick = self
            .chance
            .below(open.iter().map(|(_, weight)| weight).sum());
        for (index, weight) in open {
            if pick < weight {
                return Some(index);
            }
            pick -= weight;
        }
        None
    }

    /// A moment of sale: the day by the event's curve, the hour by when people buy tickets.
    fn moment(&mut self) -> Timestamp {
        let u = self.chance.unit();
        let share = match self.event.sales.curve {
            Curve::Steady => u,
            Curve::Rush => u.powf(2.1),
            Curve::Rising => u.powf(0.5),
            Curve::Spike => {
                let peak = 1.0 - 3.0 / f32::from(self.event.sales.days.max(4));
                if self.chance.one_in(2) {
                    (peak + (u - 0.5) * 0.12).clamp(0.0, 1.0)
                } else {
                    u
                }
            }
        };
        let whole = self.closed.duration_since(self.opened).as_secs();
        let rough =
            self.opened + SignedDuration::from_secs((whole as f64 * f64::from(share)) as i64);
        let hour = self.chance.of([
            7_i64, 8, 9, 10, 11, 12, 12, 13, 15, 16, 17, 18, 18, 19, 19, 20, 20, 21, 22,
        ]);
        let midnight = rough - SignedDuration::from_secs(rough.as_second().rem_euclid(86_400));
        let exact =
            midnight + SignedDuration::from_secs(hour * 3_600 + self.chance.below(3_600) as i64);
        if exact > self.opened && exact < self.closed - SignedDuration::from_mins(20) {
            exact
        } else {
            rough.min(self.closed - SignedDuration::from_mins(20))
        }
    }

    fn arrival(&mut self) -> Option<Timestamp> {
        let Moments { starts, ends, now } = self.moments;
        if starts >= now || !self.chance.percent(self.event.sales.arrived_percent) {
            return None;
        }
        let last = now.min(ends);
        let length = ends.duration_since(starts);
        let at = if length > SignedDuration::from_hours(14) {
            // Many days: people come all through what has passed of it.
            let passed = last.duration_since(starts).as_secs();
            starts
                + SignedDuration::from_secs((passed as f64 * f64::from(self.chance.unit())) as i64)
        } else {
            // One evening: a queue that is longest a quarter of an hour before the start.
            let spread = self.chance.unit() + self.chance.unit() + self.chance.unit() - 1.5;
            starts - SignedDuration::from_mins(16)
                + SignedDuration::from_secs((f64::from(spread) * 1_500.0) as i64)
        };
        (at < last).then_some(at)
    }

    fn person(&mut self) -> Person {
        if !self.regulars.is_empty() && self.chance.one_in(9) {
            let index = self.chance.below(self.regulars.len());
            return self.regulars[index].clone();
        }
        let (name, handle) = self.name();
        self.count += 1;
        let host = self.chance.of([
            "post.example",
            "mail.example",
            "letters.example",
            "inbox.example",
        ]);
        let person = Person {
            name,
            email: format!("{handle}{}@{host}", self.count),
        };
        self.regulars.push(person.clone());
        person
    }

    /// A full name and its mail handle.
    fn name(&mut self) -> (String, String) {
        let arabic = match self.event.language {
            Language::Ar => !self.chance.one_in(12),
            Language::En => self.chance.one_in(40),
        };
        if arabic {
            let (given, handle) = self
                .chance
                .among(GIVEN_AR)
                .copied()
                .unwrap_or(("نور", "noor"));
            let family = self.chance.among(FAMILY_AR).copied().unwrap_or("حداد");
            (format!("{given} {family}"), handle.to_owned())
        } else {
            let given = self.chance.among(GIVEN).copied().unwrap_or("Noor");
            let family = self.chance.among(FAMILY).copied().unwrap_or("Haddad");
            let plain = |text: &str| {
                search_key(text)
                    .chars()
                    .filter(char::is_ascii_alphabetic)
                    .collect::<String>()
            };
            (
                format!("{given} {family}"),
                format!("{}.{}", plain(given), plain(family)),
            )
        }
    }
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

#[cfg(test)]
mod tests;
