//! The ratio table. Numerator and denominator of each row alternate, so that what else happens on the machine hits both.

mod checkouts;
mod growth;
mod holds;
mod machine;
mod outbox;
mod pages;
mod scans;
mod start;
mod streams;
mod waiting;
mod without;

use std::{fs, future::Future, path::PathBuf, time::Duration};

use clap::Args;
use serde_json::json;
use services::{doctor, stage::Stage};

use crate::{
    Result, cpu,
    cpu::Cpu,
    load::{Tally, count},
    pgbench::Pgbench,
    place::Place,
    table::Row,
};

#[derive(Debug, Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Only these rows, as in R1,R3
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Rounds of each measurement
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Seconds of each round
    #[arg(long, default_value_t = 6)]
    seconds: u64,
    /// Write the table as JSON as well
    #[arg(long)]
    json: Option<PathBuf>,
}

/// What every row's measurement works with.
struct Run<'a> {
    place: &'a Place,
    stage: Stage,
    pgbench: Pgbench,
    rounds: usize,
    seconds: u64,
}

impl Run<'_> {
    fn lasting(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// Lets PostgreSQL know what was staged, as it does by itself after a while.
    fn analyze(&self) -> Result {
        self.pgbench.once("analyze", "vacuum analyze;\n")
    }

    /// Throws away what the last measurement left to the worker, so that it does not weigh on the next one.
    fn clear_work(&self) -> Result {
        self.pgbench.once("clear", CLEAR)
    }
}

const CLEAR: &str = "update mails set state = 'dead' where state = 'queued';
delete from outbox;
";

/// Several rounds of one side.
#[derive(Default)]
struct Side {
    rates: Vec<f64>,
    cpu: Cpu,
    operations: f64,
    failed: u64,
    reasons: Vec<String>,
}

impl Side {
    fn add(&mut self, tally: &Tally, cpu: Cpu) {
        self.rates.push(tally.rate());
        self.cpu = self.cpu.plus(cpu);
        self.operations += count(tally.good);
        self.failed += tally.failed;
        for why in &tally.reasons {
            if !self.reasons.contains(why) && self.reasons.len() < 3 {
                self.reasons.push(why.clone());
            }
        }
    }

    /// Says what went wrong, where something did.
    fn note_failures(&self, row: &mut Row) {
        if self.failed > 0 {
            row.notes.push(format!(
                "{} requests failed: {}",
                self.failed,
                self.reasons.join(", ")
            ));
        }
    }
}

/// Every row there is.
const ROWS: &[&str] = &[
    "R1", "R1b", "R2", "R3", "R3c", "R4", "R5", "R7", "R8", "R9", "R11", "R12", "R12f", "R13",
    "R14",
];

/// Prints the table; whether every figure counts.
pub async fn run(options: Options) -> Result<bool> {
    crate::known("row", &options.only, ROWS)?;
    let run = Run {
        pgbench: options.place.pgbench(),
        stage: options.place.stage()?,
        place: &options.place,
        rounds: options.rounds.max(1),
        seconds: options.seconds.max(1),
    };
    let load_before = cpu::load_average();
    let facts = machine::facts(&run).await?;
    for (name, value) in &facts {
        println!("{name}: {value}");
    }
    println!(
        "rounds: {} of {} s, both sides in turn; median (min–max)\n",
        run.rounds, run.seconds
    );
    let mut table = Table {
        run: &run,
        only: &options.only,
        rows: Vec::new(),
        broken: Vec::new(),
    };
    // Takes long, and leaves a large database behind: only where it is asked for.
    if !options.only.is_empty() {
        table.add(&["R8"], growth::measure(&run)).await;
    }
    // Those that leave work behind come last.
    table.add(&["R14"], start::measure(&run)).await;
    table.add(&["R5"], streams::measure(&run)).await;
    table.add(&["R3", "R3c"], pages::throughput(&run)).await;
    table.add(&["R7"], pages::latency(&run)).await;
    table.add(&["R11"], waiting::measure(&run)).await;
    table.add(&["R9"], outbox::measure(&run)).await;
    table.add(&["R1", "R1b"], holds::measure(&run)).await;
    table.add(&["R4"], scans::measure(&run)).await;
    table.add(&["R2", "R13"], checkouts::measure(&run)).await;
    table.add(&["R12", "R12f"], without::measure(&run)).await;
    let Table { rows, broken, .. } = table;
    if broken.is_empty() {
        println!("invariants: all held after each of them");
    }
    if let Some(file) = &options.json {
        let written = json!({
            "facts": facts.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<serde_json::Map<_, _>>(),
            "load_average": { "before": load_before, "after": cpu::load_average() },
            "rounds": run.rounds,
            "seconds": run.seconds,
            "violations": broken,
            "rows": rows.iter().map(Row::json).collect::<Vec<_>>(),
        });
        fs::write(file, serde_json::to_string_pretty(&written)?)?;
    }
    Ok(rows.iter().all(|row| row.void.is_none()))
}

/// The rows as they come in.
struct Table<'a> {
    run: &'a Run<'a>,
    only: &'a [String],
    rows: Vec<Row>,
    /// What did not add up after one of them.
    broken: Vec<String>,
}

impl Table<'_> {
    /// Measures one group of rows if it is asked for, and prints it at once. A figure that was taken while something does
    /// not add up is worth nothing.
    async fn add(&mut self, ids: &[&'static str], measure: impl Future<Output = Result<Vec<Row>>>) {
        let asked = |id: &&str| self.only.iter().any(|only| only.eq_ignore_ascii_case(id));
        if !self.only.is_empty() && !ids.iter().any(asked) {
            return;
        }
        match measure.await {
            Ok(measured) => {
                let void = self.void().await;
                for mut row in measured {
                    row.void.clone_from(&void);
                    println!("{}", row.text());
                    self.rows.push(row);
                }
            }
            Err(error) => {
                // One figure that cannot be taken must not cost the others.
                println!("{}: not measured: {error}\n", ids.join(", "));
                if let Some(id) = ids.first() {
                    let mut row = Row::new(id, "", crate::table::Goal::more(0.0, 0.0, 0.0));
                    row.void = Some(error.to_string());
                    self.rows.push(row);
                }
            }
        }
    }

    /// Why nothing that was measured just now counts.
    async fn void(&mut self) -> Option<String> {
        let broken = match doctor::invariants(self.run.stage.services()).await {
            Ok(violations) => violations
                .into_iter()
                .map(|violation| (violation.invariant.to_owned(), violation.what))
                .collect(),
            Err(error) => vec![(
                "what adds up cannot be asked for".to_owned(),
                error.to_string(),
            )],
        };
        let (first, _) = broken.first()?;
        let why = format!("{first}: {} violations", broken.len());
        for (invariant, what) in broken.iter().take(10) {
            println!("broken: {invariant} — {what}");
        }
        self.broken.extend(
            broken
                .into_iter()
                .map(|(name, what)| format!("{name}: {what}")),
        );
        Some(why)
    }
}
