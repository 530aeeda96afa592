//! The project's own commands: `cargo xtask run`, `cargo xtask test` and the pieces they are made of.
//!
//! It only starts other programs and looks at files; it depends on none of the product's packages, so
//! that it is there within seconds and also when the product does not compile.

mod attack;
mod audit;
mod bench;
mod browser;
mod check_deps;
mod door_day;
mod double;
mod mutants;
mod postgres;
mod prepare;
mod project;
mod redis;
mod reset;
mod run;
mod server;
mod shell;
mod site;
mod size_budget;
mod test;
mod tools;
mod twins;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use project::Project;

/// The commands' way of failing: a text for a person at a terminal.
type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Build, run and test Bilten.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing: wasm target, cargo-leptos, wasm-bindgen, npm packages, PostgreSQL
    Setup,
    /// Set up, build and serve on http://localhost:3000, with demo data on the first start
    Run(run::Options),
    /// Stop the private PostgreSQL that `run` leaves running
    Stop,
    /// Throw the private database, mails and uploaded files away
    Reset(reset::Options),
    /// Everything that must hold: format, lints, dependencies, tests, wasm budget, browser journeys
    Test(test::Options),
    /// The attacks among the tests, with full counts, and a table of what came of each
    Attack(attack::Options),
    /// Plant known bugs into the rules, one after the other: the tests must notice each
    Mutants,
    /// Try the rules of the door on random cases, natively and as the browser gets them: both must say the same
    Twins(twins::Options),
    /// Hold the locked packages against known vulnerabilities and allowed licences
    Audit,
    /// Hold the packages to the dependency rules of docs/ARCHITECTURE.md
    CheckDeps,
    /// Hold the built wasm files to their size budget
    SizeBudget,
    /// Take the figures of the performance table: release build, a private PostgreSQL, the real server
    Bench(bench::Options),
    /// Sell out one event over HTTP and account for every place
    BenchSale(bench::Sale),
    /// Fill the database that `run` uses with large amounts of invented data
    SeedLarge(bench::SeedLarge),
    /// Kill, freeze and flood the real processes during a sale; nothing acknowledged may be lost
    Chaos(bench::Chaos),
    /// A day at the doors with real browsers that fail; no admission may be lost, every double one must be told
    DoorDay(door_day::Options),
    #[command(hide = true)]
    BenchPostgres(bench::Control),
    /// Write .sqlx, the metadata that lets queries be checked without a database
    Prepare(prepare::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match Project::find().and_then(|project| execute(&project, arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}

fn execute(project: &Project, command: Command) -> Result {
    match command {
        Command::Setup => {
            tools::setup(project)?;
            postgres::Programs::find_or_install(project).map(drop)
        }
        Command::Run(options) => run::run(project, &options),
        Command::Stop => run::stop(project),
        Command::Reset(options) => reset::reset(project, &options),
        Command::Test(options) => test::test(project, &options),
        Command::Attack(options) => attack::attack(project, &options),
        Command::Mutants => mutants::check(project),
        Command::Twins(options) => twins::compare(project, &options),
        Command::Audit => audit::audit(project),
        Command::CheckDeps => check_deps::check(project),
        Command::SizeBudget => size_budget::check(project),
        Command::Bench(options) => bench::bench(project, &options),
        Command::BenchSale(options) => bench::sale(project, &options),
        Command::SeedLarge(options) => bench::seed_large(project, &options),
        Command::Chaos(options) => bench::chaos(project, &options),
        Command::DoorDay(options) => door_day::door_day(project, &options),
        Command::BenchPostgres(control) => bench::control(project, &control),
        Command::Prepare(options) => prepare::prepare(project, &options),
    }
}
