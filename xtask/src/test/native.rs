//! The tests that run without a browser.

use super::report::Count;
use crate::{Result, postgres::Cluster, project::Project, shell, tools};

/// Compiles the server and all tests in one go: one choice of features, nothing is compiled twice.
pub fn build(project: &Project) -> Result {
    shell::run(
        project
            .cargo()
            .args(["build", "--locked", "--workspace", "--all-targets"]),
    )
}

pub fn test(project: &Project, cluster: &Cluster) -> Result<(Count, Option<String>)> {
    let database = cluster.database("postgres")?;
    let nextest = shell::capture(project.cargo().args(["nextest", "--version"])).is_ok();
    let mut command = project.cargo();
    if nextest {
        command.args(["nextest", "run", "--locked", "--workspace"]);
    } else {
        println!("  cargo-nextest is not installed, so cargo test it is; to have it:");
        println!("  cargo install cargo-nextest --locked");
        command.args([
            "test",
            "--locked",
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ]);
    }
    command
        .env("DATABASE_URL", &database)
        .env("TEST_DATABASE_URL", database)
        // A changed snapshot is a failure, not a file to look at later.
        .env("INSTA_UPDATE", "no")
        .env("PATH", tools::path(project)?);
    let mut count = Count::default();
    let result = shell::run_reading(&mut command, |line| add(&mut count, line));
    if nextest {
        count = from_junit(&std::fs::read_to_string(
            project.root.join("target/nextest/default/junit.xml"),
        )?);
    }
    let problem = match result {
        Err(error) if count.failed == 0 => Some(error.to_string()),
        _ => None,
    };
    Ok((count, problem))
}

/// Understands the summaries of `cargo test`, one per program.
fn add(count: &mut Count, line: &str) {
    if let Some(rest) = line.strip_prefix("test result: ") {
        count.passed += number_before(rest, " passed");
        count.failed += number_before(rest, " failed");
    }
}

/// The file that .config/nextest.toml asks for begins with the sums.
fn from_junit(text: &str) -> Count {
    let number = |name: &str| -> usize {
        let rest = text
            .split_once(&format!(" {name}=\""))
            .map_or("", |(_, rest)| rest);
        rest.split('"')
            .next()
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(0)
    };
    let failed = number("failures") + number("errors");
    Count {
        passed: number("tests").saturating_sub(failed),
        failed,
    }
}

/// "ok. 12 passed; 3 failed" and " failed" → 3.
pub fn number_before(text: &str, word: &str) -> usize {
    text.split(word)
        .next()
        .filter(|before| before.len() < text.len())
        .and_then(|before| before.rsplit(|other: char| !other.is_ascii_digit()).next())
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_added_up() {
        let mut count = Count::default();
        add(
            &mut count,
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s",
        );
        add(
            &mut count,
            "test result: FAILED. 2 passed; 3 failed; 0 ignored",
        );
        add(
            &mut count,
            "{\"type\":\"suite\",\"event\":\"ok\",\"passed\":4,\"failed\":0}",
        );
        add(&mut count, "test something ... ok");
        assert_eq!((count.passed, count.failed), (14, 3));
    }

    #[test]
    fn the_sums_of_a_junit_file_are_read() {
        let count =
            from_junit("<testsuites name=\"nextest-run\" tests=\"7\" failures=\"2\" errors=\"0\">");
        assert_eq!((count.passed, count.failed), (5, 2));
    }
}
