//! What the buyers were told, and whether it is true.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use services::stage::Stage;

use super::Outcome;
use crate::Result;

/// Of so many requests in a row one may fail where all is well again (99 %).
const IN_A_ROW: usize = 100;

struct Attempt {
    begun: Instant,
    ended: Instant,
    good: bool,
}

/// Written by all buyers at once.
#[derive(Default)]
pub struct Journal(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    holds: Vec<String>,
    orders: Vec<String>,
    payments: Vec<String>,
    /// Every attempt, in the order in which they ended.
    attempts: Vec<Attempt>,
    longest: Duration,
    busy: u64,
    /// Of these, how many were not told when.
    busy_without_time: u64,
    /// The longest time that anybody was told to wait, in seconds.
    longest_wait: u32,
    unanswered: u64,
    /// Other refusals, which a sale with places left should not see.
    refused: Vec<String>,
    /// The same key, another answer.
    different: Vec<String>,
}

impl Pages {
    fn failed(&mut self, begun: Instant) {
        self.attempts.push(Attempt {
            begun,
            ended: Instant::now(),
            good: false,
        });
    }
}

/// What the server has acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Hold,
    Order,
    /// On the way to the provider; nothing is promised by it.
    Start,
    Payment,
}

impl Journal {
    fn with<T>(&self, write: impl FnOnce(&mut Pages) -> T) -> T {
        write(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn acknowledged(&self, kind: Kind, name: &str, begun: Instant) {
        let now = Instant::now();
        self.with(|pages| {
            pages.attempts.push(Attempt {
                begun,
                ended: now,
                good: true,
            });
            pages.longest = pages.longest.max(now - begun);
            match kind {
                Kind::Hold => pages.holds.push(name.to_owned()),
                Kind::Order => pages.orders.push(name.to_owned()),
                Kind::Start => {}
                // Leads back to the order.
                Kind::Payment => pages.payments.push(name.to_owned()),
            }
        });
    }

    pub fn busy(&self, begun: Instant, after: Option<u32>) {
        self.with(|pages| {
            pages.busy += 1;
            pages.failed(begun);
            pages.busy_without_time += u64::from(after.is_none());
            pages.longest_wait = pages.longest_wait.max(after.unwrap_or(0));
            pages.longest = pages.longest.max(begun.elapsed());
        });
    }

    pub fn unanswered(&self, begun: Instant) {
        self.with(|pages| {
            pages.unanswered += 1;
            pages.failed(begun);
            pages.longest = pages.longest.max(begun.elapsed());
        });
    }

    pub fn refused(&self, why: String) {
        self.with(|pages| pages.refused.push(why));
    }

    pub fn different(&self, what: String) {
        self.with(|pages| pages.different.push(what));
    }

    /// When the first request that began after this moment was answered well.
    pub fn first_good_after(&self, moment: Instant) -> Option<Instant> {
        self.with(|pages| {
            let since = pages.attempts.iter().filter(|a| a.begun >= moment);
            since.filter(|a| a.good).map(|a| a.ended).min()
        })
    }

    /// When it began that of a hundred requests in a row, all begun after this moment, no more than one was not answered well.
    pub fn well_again_after(&self, moment: Instant) -> Option<Instant> {
        self.with(|pages| {
            let since = pages.attempts.iter().filter(|a| a.begun >= moment);
            let since: Vec<&Attempt> = since.collect();
            let mut windows = since.windows(IN_A_ROW);
            let well = windows.find(|window| window.iter().filter(|a| !a.good).count() <= 1)?;
            well.iter().find(|a| a.good).map(|a| a.ended)
        })
    }

    /// The longest that any attempt took.
    pub fn longest(&self) -> Duration {
        self.with(|pages| pages.longest)
    }

    /// How many were told to come again, and how many got no answer or a broken one.
    pub fn turned_away(&self) -> (u64, u64) {
        self.with(|pages| (pages.busy, pages.unanswered))
    }

    /// Holds everything that was acknowledged against the database.
    pub async fn verify(&self, stage: &Stage, outcome: &mut Outcome) -> Result {
        let (holds, orders, payments) = self.with(|pages| {
            (
                pages.holds.clone(),
                pages.orders.clone(),
                pages.payments.clone(),
            )
        });
        let lost = [
            ("holds", stage.missing_holds(&holds).await?.len()),
            ("orders", stage.missing_orders(&orders).await?.len()),
            ("payments", stage.unpaid_orders(&payments).await?.len()),
        ];
        for (what, lost) in lost {
            outcome.must(lost == 0, format!("{lost} acknowledged {what} are lost"));
        }
        outcome.see(format!(
            "acknowledged {} holds, {} orders, {} payments; all of them looked up in the database",
            holds.len(),
            orders.len(),
            payments.len()
        ));
        self.with(|pages| {
            outcome.see(format!(
                "{} requests told to come again in {} s at most, {} without an answer; longest attempt {:.1} s",
                pages.busy,
                pages.longest_wait,
                pages.unanswered,
                pages.longest.as_secs_f64()
            ));
            outcome.must(
                pages.refused.is_empty(),
                format!(
                    "{} requests refused, the first with: {}",
                    pages.refused.len(),
                    pages.refused.first().map_or("", String::as_str)
                ),
            );
            outcome.must(
                pages.busy_without_time == 0,
                format!(
                    "{} requests were told to come again and not when",
                    pages.busy_without_time
                ),
            );
            outcome.must(
                pages.different.is_empty(),
                format!(
                    "{} repeats were answered differently: {}",
                    pages.different.len(),
                    pages.different.first().map_or("", String::as_str)
                ),
            );
        });
        Ok(())
    }
}
