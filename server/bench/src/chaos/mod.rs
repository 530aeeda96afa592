//! Breaks things in the middle of a sale, with real processes, and holds what was answered against what is in the
//! database afterwards.

mod crowd;
mod double;
mod full;
mod journal;
mod kills;
mod late;
mod overload;
mod poison;
mod pool;
mod provider;
mod wires;

use std::{sync::Arc, time::Duration};

use clap::Args;
use services::stage::{HotEvent, NewHotEvent, Stage};

use crate::{Result, place::Place, settle};

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// How often a process is killed
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// Decides the moments of the kills
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these faults, as in F1,F3
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
}

/// What the trial of each fault works with.
struct Trial<'a> {
    place: &'a Place,
    stage: Stage,
    kills: u32,
    random: Random,
}

/// What came of a fault.
#[derive(Default)]
struct Outcome {
    /// What was seen, for people.
    seen: Vec<String>,
    /// What must not be.
    faults: Vec<String>,
}

impl Outcome {
    fn see(&mut self, what: impl Into<String>) {
        self.seen.push(what.into());
    }

    fn must(&mut self, holds: bool, otherwise: impl Into<String>) {
        if !holds {
            self.faults.push(otherwise.into());
        }
    }
}

/// Tries every fault; whether all was as it must be.
pub async fn run(options: Options) -> Result<bool> {
    let ids: Vec<&str> = FAULTS.iter().map(|(id, _)| *id).collect();
    crate::known("fault", &options.only, &ids)?;
    let mut trial = Trial {
        place: &options.place,
        stage: options.place.stage()?,
        kills: options.kills.max(1),
        random: Random::new(options.seed),
    };
    println!("seed {}, {} kills\n", options.seed, trial.kills);
    let mut good = true;
    let asked = |id: &str| {
        options.only.is_empty()
            || options
                .only
                .iter()
                .any(|only| only.eq_ignore_ascii_case(id))
    };
    for (id, what) in FAULTS {
        if !asked(id) {
            continue;
        }
        println!("{id}  {what}");
        let outcome = match *id {
            "F1" => kills::server(&mut trial).await,
            "F2" => kills::worker(&mut trial).await,
            "F3" => kills::postgres(&mut trial).await,
            "F4" => kills::frozen(&mut trial).await,
            "F10" => late::run(&trial).await,
            "F11" => double::run(&trial).await,
            "F12" => provider::run(&mut trial).await,
            "F4p" => pool::run(&mut trial).await,
            "F18" => full::tables::run(&mut trial).await,
            "F18w" => full::wal::run(&mut trial).await,
            "F18f" => full::folders::run(&mut trial).await,
            "F24" => poison::run(&mut trial).await,
            "F25" => wires::run(&mut trial).await,
            _ => overload::run(&trial).await,
        };
        let mut outcome = outcome.unwrap_or_else(|error| Outcome {
            faults: vec![format!("not tried to the end: {error}")],
            ..Outcome::default()
        });
        match settle::invariants_hold(&trial.stage).await {
            Ok(holds) => outcome.must(holds, "an invariant is broken"),
            Err(error) => outcome.must(
                false,
                format!("the invariants cannot be asked for: {error}"),
            ),
        }
        for seen in &outcome.seen {
            println!("  {seen}");
        }
        for fault in &outcome.faults {
            println!("  FAILED: {fault}");
        }
        println!(
            "  {}\n",
            if outcome.faults.is_empty() {
                "passed"
            } else {
                "failed"
            }
        );
        good &= outcome.faults.is_empty();
    }
    Ok(good)
}

/// Numbered as in the reliability rules.
const FAULTS: &[(&str, &str)] = &[
    ("F1", "kill -9 of the server at random moments of a sale"),
    ("F2", "kill -9 of the worker, a process of its own"),
    (
        "F3",
        "kill -9 of PostgreSQL with all backends, and its restart",
    ),
    ("F4", "PostgreSQL frozen for ten seconds"),
    (
        "F4p",
        "all connections taken by requests that wait for locked rows",
    ),
    (
        "F10",
        "payments that succeed after the order has expired, with and without places left",
    ),
    ("F11", "every step sent fifty times at once under one key"),
    (
        "F12",
        "the provider fails, does what it is asked without a word, and loses messages",
    ),
    ("F18", "no room for the tables on the disk"),
    ("F18w", "no room for PostgreSQL's write-ahead log"),
    ("F18f", "no room for mails and pictures"),
    ("F21", "ten times overload, open loop"),
    (
        "F24",
        "broken work and requests that mean nothing, a thousand of each",
    ),
    (
        "F25",
        "the wire between server and PostgreSQL cut, silent, slow, losing packets, half-open both ways",
    ),
];

impl Trial<'_> {
    async fn event(&self, places: u32, price_minor: i64) -> Result<Arc<HotEvent>> {
        let new = NewHotEvent {
            places,
            price_minor,
            most: 10,
        };
        Ok(Arc::new(self.stage.hot_event(new).await?))
    }

    /// A moment between one and three seconds.
    fn moment(&mut self) -> Duration {
        Duration::from_millis(1000 + self.random.next() % 2000)
    }
}

/// Marsaglia's xorshift: the same moments for the same seed.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}
