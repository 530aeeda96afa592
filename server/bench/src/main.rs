//! The load generator: takes the figures of the performance table, sells out a hot event, and breaks things while it
//! does. Started by `cargo xtask bench`, `bench-sale` and `chaos`, which bring the programs and a private PostgreSQL.
//!
//! Load goes to the loopback interface only and is bounded in count and time.

mod buyer;
mod chaos;
mod cpu;
mod echo;
mod http;
mod large;
mod load;
mod pgbench;
mod place;
mod processes;
mod ratios;
mod sale;
mod settle;
mod stats;
mod table;
mod wire;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

type Result<T = (), E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the ratio table
    Ratios(ratios::Options),
    /// Sells out one event
    Sale(sale::Options),
    /// Fills a database with large amounts of invented data
    Seed(large::Options),
    /// Kills, freezes and floods during a sale
    Chaos(chaos::Options),
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Ratios(options) => ratios::run(options).await,
        Command::Sale(options) => sale::run(options).await,
        Command::Seed(options) => large::run(&options),
        Command::Chaos(options) => chaos::run(options).await,
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Refuses names that there are not, rather than doing nothing in silence.
fn known(what: &str, asked: &[String], all: &[&str]) -> Result {
    let unknown = asked
        .iter()
        .find(|name| !all.iter().any(|known| known.eq_ignore_ascii_case(name)));
    match unknown {
        Some(name) => Err(format!("there is no {what} {name}, only {}", all.join(", ")).into()),
        None => Ok(()),
    }
}
