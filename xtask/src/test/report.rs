//! Runs the parts of a test one after the other, goes on after a fault, and sums up at the end.

use std::time::{Duration, Instant};

use crate::{Result, shell};

/// How many tests a part ran.
#[derive(Clone, Copy, Default)]
pub struct Count {
    pub passed: usize,
    pub failed: usize,
}

struct Line {
    name: &'static str,
    took: Duration,
    outcome: Outcome,
}

enum Outcome {
    Passed(Count),
    Failed(Count, String),
    LeftOut(&'static str),
}

pub struct Report {
    start: Instant,
    lines: Vec<Line>,
}

impl Report {
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            lines: Vec::new(),
        }
    }

    /// A part that holds or does not.
    pub fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result) {
        self.counted(name, || {
            work().map(|()| {
                (
                    Count {
                        passed: 1,
                        failed: 0,
                    },
                    None,
                )
            })
        });
    }

    /// A part made of many tests. It reports failures as a count and says in words why it could not run.
    pub fn counted(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> Result<(Count, Option<String>)>,
    ) {
        println!("\n── {name}");
        let start = Instant::now();
        let outcome = match work() {
            Ok((count, None)) if count.failed == 0 => Outcome::Passed(count),
            Ok((count, problem)) => Outcome::Failed(count, problem.unwrap_or_default()),
            Err(error) => {
                println!("{error}");
                Outcome::Failed(
                    Count {
                        passed: 0,
                        failed: 1,
                    },
                    String::new(),
                )
            }
        };
        let took = start.elapsed();
        println!("── {name}: {}", shell::shown(took));
        self.lines.push(Line {
            name,
            took,
            outcome,
        });
    }

    /// A step that makes no sense where another has failed.
    pub fn after(
        &mut self,
        needed: &'static str,
        name: &'static str,
        work: impl FnOnce() -> Result,
    ) {
        if self.all_passed(&[needed]) {
            self.step(name, work);
        } else {
            self.leave_out(name);
        }
    }

    /// As [`Report::counted`], and makes no sense where others have failed.
    pub fn counted_after(
        &mut self,
        needed: &[&'static str],
        name: &'static str,
        work: impl FnOnce() -> Result<(Count, Option<String>)>,
    ) {
        if self.all_passed(needed) {
            self.counted(name, work);
        } else {
            self.leave_out(name);
        }
    }

    pub fn failed(&self) -> bool {
        self.lines
            .iter()
            .any(|line| matches!(line.outcome, Outcome::Failed(..)))
    }

    fn all_passed(&self, names: &[&'static str]) -> bool {
        let passed = |name: &&str| {
            self.lines
                .iter()
                .any(|line| line.name == *name && matches!(line.outcome, Outcome::Passed(_)))
        };
        names.iter().all(passed)
    }

    fn leave_out(&mut self, name: &'static str) {
        let outcome = Outcome::LeftOut("not run, because an earlier part failed");
        self.lines.push(Line {
            name,
            took: Duration::ZERO,
            outcome,
        });
    }

    /// Prints the table and the closing line.
    pub fn finish(self) -> Result {
        let mut sum = Count::default();
        println!("\n{:<44} {:>12}", "part", "took");
        for line in &self.lines {
            let (count, words) = match &line.outcome {
                Outcome::Passed(count) if count.passed == 1 => (*count, "passed".to_owned()),
                Outcome::Passed(count) => (*count, format!("{} passed", count.passed)),
                Outcome::Failed(count, problem) if count.passed + count.failed == 1 => {
                    (*count, format!("FAILED {problem}"))
                }
                Outcome::Failed(count, problem) => (
                    *count,
                    format!("{} passed, {} FAILED {problem}", count.passed, count.failed),
                ),
                Outcome::LeftOut(why) => (Count::default(), (*why).to_owned()),
            };
            sum.passed += count.passed;
            sum.failed += count.failed;
            println!(
                "{:<44} {:>12}  {}",
                line.name,
                shell::shown(line.took),
                words.trim_end()
            );
        }
        println!("{:<44} {:>12}\n", "all", shell::shown(self.start.elapsed()));
        let failed = self.failed();
        println!(
            "{} passed, {} failed",
            sum.passed,
            sum.failed.max(usize::from(failed))
        );
        if failed {
            Err("not everything holds".into())
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_fails_the_whole_and_what_builds_on_it_is_left_out() {
        let mut report = Report::new();
        report.step("first", || Err("broken".into()));
        report.after("first", "second", || Ok(()));
        assert!(report.failed());
        assert!(matches!(report.lines[1].outcome, Outcome::LeftOut(_)));
        assert!(report.finish().is_err());
    }

    #[test]
    fn tests_that_failed_fail_the_part() {
        let mut report = Report::new();
        report.counted("tests", || {
            Ok((
                Count {
                    passed: 3,
                    failed: 1,
                },
                None,
            ))
        });
        assert!(report.failed());
    }
}
