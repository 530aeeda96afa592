//! `cargo xtask attack`: the attacks that are part of the tests, with full counts, and what came of each.
//!
//! Tests print lines such as `attack: <what> tried=N accepted=0 took=S` (`testkit::Attack`); how much is tried is decided by
//! `BILTEN_ATTACK`, which only `testkit` reads.

use std::time::{Duration, Instant};

use clap::Args;

use crate::{Result, postgres::Cluster, project::Project, shell};

/// Where attacks are.
const TESTS: &str = "binary(attack) | binary(matrix) | test(outbound)";

#[derive(Args)]
pub struct Options {
    /// Only tests whose name contains this
    only: Option<String>,
    /// As few tries as in `cargo xtask test`
    #[arg(long)]
    small: bool,
}

struct Line {
    what: String,
    tried: u64,
    accepted: u64,
    took: Duration,
}

pub fn attack(project: &Project, options: &Options) -> Result {
    let start = Instant::now();
    let cluster = Cluster::for_tests(project)?;
    cluster.start()?;
    let database = cluster.database("postgres")?;
    let mut command = project.cargo();
    // One after the other: times and memory are measured, and what is printed is not mixed up.
    command.args(["nextest", "run", "--locked", "--profile=attack"]);
    command.args([
        "--package=bilten",
        "--package=services",
        "--package=adapters",
    ]);
    command.args(["--no-capture", "--no-fail-fast", "--filterset", TESTS]);
    command.args(&options.only);
    command
        .env("DATABASE_URL", &database)
        .env("TEST_DATABASE_URL", database)
        .env("INSTA_UPDATE", "no")
        .env(
            "BILTEN_ATTACK",
            if options.small { "small" } else { "full" },
        );
    let mut lines = Vec::new();
    let mut figures = Vec::new();
    let result = shell::run_reading(&mut command, |text| {
        lines.extend(read(text));
        figures.extend(text.strip_prefix("figure: ").map(str::to_owned));
    });
    cluster.remove()?;
    print(&lines, &figures, start.elapsed());
    let accepted: u64 = lines.iter().map(|line| line.accepted).sum();
    match result {
        _ if accepted > 0 => Err(format!("{accepted} attacks were let through").into()),
        Ok(()) if lines.is_empty() => Err("nothing was tried".into()),
        other => other,
    }
}

fn read(text: &str) -> Option<Line> {
    let (what, numbers) = text.strip_prefix("attack: ")?.split_once(" tried=")?;
    let (tried, numbers) = numbers.split_once(" accepted=")?;
    let (accepted, took) = numbers.split_once(" took=")?;
    Some(Line {
        what: what.to_owned(),
        tried: tried.parse().ok()?,
        accepted: accepted.parse().ok()?,
        took: Duration::try_from_secs_f64(took.trim().parse().ok()?).ok()?,
    })
}

fn print(lines: &[Line], figures: &[String], all: Duration) {
    println!(
        "\n{:<64} {:>10} {:>9} {:>12}",
        "what", "tried", "accepted", "took"
    );
    for Line {
        what,
        tried,
        accepted,
        took,
    } in lines
    {
        println!(
            "{what:<64} {tried:>10} {accepted:>9} {:>12}",
            shell::shown(*took)
        );
    }
    let tried: u64 = lines.iter().map(|line| line.tried).sum();
    let accepted: u64 = lines.iter().map(|line| line.accepted).sum();
    println!(
        "{:<64} {tried:>10} {accepted:>9} {:>12}",
        "all",
        shell::shown(all)
    );
    for figure in figures {
        println!("{figure}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_tests_are_read() {
        let line = read("attack: tickets, forged tried=1000000 accepted=2 took=31.5").unwrap();
        assert_eq!(line.what, "tickets, forged");
        assert_eq!((line.tried, line.accepted), (1_000_000, 2));
        assert_eq!(line.took, Duration::from_millis(31_500));
        assert!(read("attack: nothing").is_none());
        assert!(read("an attack: x tried=1 accepted=0 took=1").is_none());
    }
}
