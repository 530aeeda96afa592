//! `cargo xtask bench`, `bench-sale`, `chaos`: bring the programs and a private PostgreSQL to the load generator.

mod stand;

use std::{fs, path::PathBuf};

use clap::{Args, ValueEnum};

use crate::{Result, postgres::Cluster, project::Project, redis, shell, site};

#[derive(Args)]
pub struct Options {
    /// Only these rows of the table, as in R1,R3
    #[arg(long, value_name = "ROWS")]
    only: Option<String>,
    /// Rounds of each measurement; the sides of a ratio take turns
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Seconds of each round
    #[arg(long, default_value_t = 6)]
    seconds: u32,
    /// Write the table to a file as well
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Prints the ratio table; fails where a figure does not count because an invariant is broken.
pub fn bench(project: &Project, options: &Options) -> Result {
    let mut arguments = vec![
        "--rounds".to_owned(),
        options.rounds.to_string(),
        "--seconds".to_owned(),
        options.seconds.to_string(),
    ];
    let with_redis = options.only.as_ref().is_none_or(|rows| {
        rows.split(',')
            .any(|row| row.to_uppercase().starts_with("R12"))
    });
    if with_redis {
        redis::find_or_install()?;
    }
    if let Some(only) = &options.only {
        arguments.extend(["--only".to_owned(), only.clone()]);
    }
    if let Some(file) = &options.json {
        let file = std::path::absolute(file)?;
        arguments.extend(["--json".to_owned(), file.display().to_string()]);
    }
    stand::run(project, "ratios", &arguments)
}

#[derive(Args)]
pub struct Sale {
    /// Places of the event
    #[arg(long, default_value_t = 10_000)]
    tickets: u32,
    /// People who want 1 to 4 tickets each
    #[arg(long, default_value_t = 6_000)]
    buyers: u32,
    /// Of these so many act at the same time
    #[arg(long, default_value_t = 500)]
    at_once: u32,
    /// Price in cents; 0 for a free event
    #[arg(long, default_value_t = 2_500)]
    price: u32,
}

/// Sells out one event over HTTP; fails unless every place is sold exactly once.
pub fn sale(project: &Project, options: &Sale) -> Result {
    let numbers = [
        ("--tickets", options.tickets),
        ("--buyers", options.buyers),
        ("--at-once", options.at_once),
        ("--price", options.price),
    ];
    let arguments: Vec<String> = numbers
        .into_iter()
        .flat_map(|(name, number)| [name.to_owned(), number.to_string()])
        .collect();
    stand::run(project, "sale", &arguments)
}

#[derive(Args)]
pub struct Chaos {
    /// How often a process is killed
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// Decides the moments of the kills
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only these faults, as in F1,F3
    #[arg(long, value_name = "FAULTS")]
    only: Option<String>,
}

/// Breaks things during a sale; fails where something acknowledged is lost or nothing recovers.
pub fn chaos(project: &Project, options: &Chaos) -> Result {
    let mut arguments = vec![
        "--kills".to_owned(),
        options.kills.to_string(),
        "--seed".to_owned(),
        options.seed.to_string(),
    ];
    if let Some(only) = &options.only {
        arguments.extend(["--only".to_owned(), only.clone()]);
    }
    stand::run(project, "chaos", &arguments)
}

#[derive(Args)]
pub struct SeedLarge {
    #[arg(long, default_value_t = 1_000_000)]
    events: u32,
    #[arg(long, default_value_t = 10_000_000)]
    lines: u32,
}

/// Makes it large. What was there stays, beside demo data too; `cargo xtask reset` throws all of it away.
pub fn seed_large(project: &Project, options: &SeedLarge) -> Result {
    build(project)?;
    let cluster = Cluster::of_project(project)?;
    shell::step("starting a private PostgreSQL", "3 s", || cluster.start())?;
    let database = cluster.database("bilten")?;
    let mut migrate = site::server(project, "release", "migrate");
    migrate
        .env("DATABASE_URL", &database)
        .env("BILTEN_LOG__FILTER", "warn,sqlx=error");
    shell::run(&mut migrate)?;
    let folder = project.data().join("bench");
    fs::create_dir_all(&folder)?;
    let mut seed = shell::command(stand::program(project, "bench"), &project.root);
    seed.arg("seed")
        .arg("--database")
        .arg(&database)
        .arg("--pgbench")
        .arg(cluster.program("pgbench")?)
        .arg("--folder")
        .arg(&folder)
        .args(["--events", &options.events.to_string()])
        .args(["--lines", &options.lines.to_string()]);
    shell::step("making events and orders", "12 min for all of them", || {
        shell::run(&mut seed)
    })
}

/// What the load generator asks of PostgreSQL's owner.
#[derive(Args)]
pub struct Control {
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Start the measured PostgreSQL again after it was killed
    Start,
}

pub fn control(project: &Project, control: &Control) -> Result {
    match control.what {
        What::Start => Cluster::for_bench(project)?.start().map(drop),
    }
}

/// The optimised programs; nothing is compiled that is there already.
fn build(project: &Project) -> Result {
    shell::step(
        "building server, worker and load generator (release)",
        "15 min the first time on two cores",
        || {
            shell::run(project.cargo().args([
                "build",
                "--release",
                "--locked",
                "--package=bilten",
                "--package=bilten-worker",
                "--package=bench",
            ]))
        },
    )
}
