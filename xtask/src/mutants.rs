//! `cargo xtask mutants`: plants one known bug after the other into the rules and fails unless the tests notice each.
//!
//! What there is to plant is a list in `domain/src/planted.rs`. The tests are compiled once, with all bugs; a variable
//! chooses among them.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{Result, project::Project, shell};

/// Without a bug everything is to pass, and takes its time.
const WHOLE: Duration = Duration::from_secs(600);
/// Tests that have not noticed a bug by then have not noticed it.
const PER_BUG: Duration = Duration::from_secs(120);
/// So many there are at least.
const PROMISED: usize = 20;
/// Asked first: it knows nothing of single rules, so what it finds would be found wherever it is.
const SIMULATION: &str = "simulation::";

enum Outcome {
    Passed,
    /// By which test.
    Failed(String),
    TimedOut,
}

pub fn check(project: &Project) -> Result {
    let program = shell::step(
        "compiling the rules with their planted bugs",
        "1 min",
        || compile(project),
    )?;
    let tests = Tests {
        program: &program,
        folder: project.root.join("domain"),
    };
    let bugs = tests.bugs()?;
    shell::step("without a bug", "1 min", || {
        match tests.run(None, &[], WHOLE)? {
            Outcome::Passed => Ok(()),
            Outcome::Failed(test) => Err(format!("{test} fails without any bug").into()),
            Outcome::TimedOut => Err("the tests come to no end".into()),
        }
    })?;
    let mut caught = 0;
    for bug in &bugs {
        let start = Instant::now();
        let told = match tests.hunt(bug)? {
            Outcome::Failed(test) => {
                caught += 1;
                format!("caught by {test}")
            }
            Outcome::Passed => "NOT CAUGHT".to_owned(),
            Outcome::TimedOut => "NOT CAUGHT in time".to_owned(),
        };
        println!("{bug:<24} {told} ({})", shell::shown(start.elapsed()));
    }
    println!("\n{caught} of {} caught", bugs.len());
    if caught == bugs.len() && caught >= PROMISED {
        Ok(())
    } else {
        Err("the tests do not notice every bug".into())
    }
}

/// Compiles the unit tests of `domain` and returns where they are.
fn compile(project: &Project) -> Result<PathBuf> {
    let messages = shell::capture(project.cargo().args([
        "test",
        "--locked",
        "--package=domain",
        "--lib",
        "--features=planted-bugs",
        "--no-run",
        "--message-format=json",
    ]))?;
    let program = messages.lines().find_map(program_of);
    program.ok_or_else(|| "cargo names no test program of domain".into())
}

fn program_of(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let ours = message["target"]["name"] == "domain" && message["profile"]["test"] == true;
    let program = message["executable"].as_str().filter(|_| ours)?;
    Some(PathBuf::from(program))
}

struct Tests<'a> {
    program: &'a Path,
    folder: PathBuf,
}

impl Tests<'_> {
    fn command(&self) -> Command {
        let mut command = shell::command(self.program, &self.folder);
        command
            .env_remove("BILTEN_PLANTED_BUG")
            .env_remove("BILTEN_SEED")
            .env("RUST_BACKTRACE", "0")
            // What a planted bug breaks is no regression to remember.
            .env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true");
        command
    }

    fn bugs(&self) -> Result<Vec<String>> {
        let list = ["planted::list", "--exact", "--nocapture"];
        let text = shell::capture(self.command().args(list))?;
        let bugs: Vec<String> = text.lines().filter_map(bug_in).map(str::to_owned).collect();
        if bugs.is_empty() {
            return Err("there is no bug to plant".into());
        }
        Ok(bugs)
    }

    /// The simulation first; what it lets pass, the tests of single rules.
    fn hunt(&self, bug: &str) -> Result<Outcome> {
        match self.run(Some(bug), &[SIMULATION], PER_BUG)? {
            Outcome::Passed => self.run(Some(bug), &["--skip", SIMULATION], PER_BUG),
            found @ (Outcome::Failed(_) | Outcome::TimedOut) => Ok(found),
        }
    }

    /// Runs until the first failure, the end, or the limit.
    fn run(&self, bug: Option<&str>, arguments: &[&str], limit: Duration) -> Result<Outcome> {
        let mut command = self.command();
        command.args(arguments);
        if let Some(bug) = bug {
            command.env("BILTEN_PLANTED_BUG", bug);
        }
        let mut child = Running(
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()?,
        );
        let stdout = child.0.stdout.take().ok_or("the tests say nothing")?;
        let (say, hear) = mpsc::channel();
        // Reads apart, so that the wait for a line can have a limit. It ends when the program does.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout)
                .lines()
                .map_while(std::result::Result::ok)
            {
                if let Some(test) = failed_in(&line)
                    && say.send(test.to_owned()).is_err()
                {
                    break;
                }
            }
        });
        match hear.recv_timeout(limit) {
            Ok(test) => Ok(Outcome::Failed(test)),
            Err(RecvTimeoutError::Timeout) => Ok(Outcome::TimedOut),
            Err(RecvTimeoutError::Disconnected) if child.0.wait()?.success() => Ok(Outcome::Passed),
            Err(RecvTimeoutError::Disconnected) => {
                Ok(Outcome::Failed("the program, which died".to_owned()))
            }
        }
    }
}

/// A program that does not outlive the interest in it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// "planted: key_ignored" → "key_ignored"; the name of the test may stand before it.
fn bug_in(line: &str) -> Option<&str> {
    line.split_once("planted: ").map(|(_, bug)| bug.trim())
}

/// "test simulation::first ... FAILED" → "simulation::first".
fn failed_in(line: &str) -> Option<&str> {
    let (test, end) = line.strip_prefix("test ")?.split_once(" ... ")?;
    end.ends_with("FAILED").then_some(test)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn lines_of_a_test_program_are_understood() {
        assert_eq!(
            failed_in("test simulation::first ... FAILED"),
            Some("simulation::first")
        );
        assert_eq!(failed_in("test simulation::first ... ok"), None);
        assert_eq!(failed_in("test result: FAILED. 1 passed; 2 failed"), None);
        assert_eq!(bug_in("planted: key_ignored"), Some("key_ignored"));
        assert_eq!(
            bug_in("test planted::list ... planted: key_ignored"),
            Some("key_ignored")
        );
    }

    #[test]
    fn the_program_is_found_among_the_messages_of_cargo() {
        let message = r#"{"target":{"name":"domain"},"profile":{"test":true},"executable":"/x"}"#;
        assert_eq!(program_of(message).as_deref(), Some(Path::new("/x")));
        let library = r#"{"target":{"name":"domain"},"profile":{"test":false},"executable":null}"#;
        assert_eq!(program_of(library), None);
    }
}
