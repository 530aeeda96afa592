//! Attacks that are counted: a few in every run of the tests, many when `cargo xtask attack` asks for them.

use std::{fmt::Display, time::Instant};

/// So many are shown of what was let through.
const SHOWN: usize = 20;

/// How often something is tried.
pub fn tries(small: usize, full: usize) -> usize {
    if is_full() { full } else { small }
}

/// Whether everything is to be tried.
pub fn is_full() -> bool {
    std::env::var("BILTEN_ATTACK").is_ok_and(|wanted| wanted == "full")
}

/// A figure that is worth knowing and no promise.
pub fn figure(what: &str, value: impl Display) {
    println!("figure: {what} = {value}");
}

/// One line of the table: what is tried, how often, and what was let through, which should be nothing.
pub struct Attack {
    what: &'static str,
    begun: Instant,
    tried: usize,
    accepted: Vec<String>,
}

impl Attack {
    pub fn on(what: &'static str) -> Self {
        Self {
            what,
            begun: Instant::now(),
            tried: 0,
            accepted: Vec::new(),
        }
    }

    /// One try. `told` says what it was, if it was let through.
    pub fn note(&mut self, let_through: bool, told: impl FnOnce() -> String) {
        self.tried += 1;
        if let_through {
            self.accepted.push(told());
        }
    }

    pub fn tried(&self) -> usize {
        self.tried
    }

    /// Prints the line that `cargo xtask attack` collects, and stops the test if anything was let through or less was tried
    /// than was meant.
    pub fn end(self, at_least: usize) {
        let Self {
            what,
            begun,
            tried,
            accepted,
        } = self;
        let took = begun.elapsed().as_secs_f64();
        println!(
            "attack: {what} tried={tried} accepted={} took={took:.1}",
            accepted.len()
        );
        let shown = &accepted[..accepted.len().min(SHOWN)];
        assert!(
            accepted.is_empty(),
            "{what}: {} of {tried} let through:\n{}",
            accepted.len(),
            shown.join("\n")
        );
        assert!(tried >= at_least, "{what}: only {tried} tried");
    }
}
