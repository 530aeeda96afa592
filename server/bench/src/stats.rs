//! Percentiles of latencies, and the middle of several rounds with its spread.

use std::{fmt, time::Duration};

/// Latencies, all of them kept: a run is bounded, and exact percentiles need no bins.
#[derive(Debug, Default, Clone)]
pub struct Samples(Vec<u32>);

impl Samples {
    pub fn add(&mut self, took: Duration) {
        self.0
            .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    pub fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The latency that this share of all samples does not exceed (nearest rank), in milliseconds.
    pub fn percentiles<const N: usize>(&mut self, shares: [f64; N]) -> [f64; N] {
        self.0.sort_unstable();
        shares.map(|share| {
            let count = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
            let rank = (f64::from(count) * share).ceil().max(1.0);
            let index = usize::try_from(crate::load::whole(rank)).unwrap_or(1) - 1;
            let micros = self.0.get(index).or(self.0.last()).copied().unwrap_or(0);
            f64::from(micros) / 1000.0
        })
    }
}

/// The middle of several rounds, and how far they lay apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub median: f64,
    pub min: f64,
    pub max: f64,
}

impl Spread {
    /// `None` without rounds.
    pub fn of(rounds: &[f64]) -> Option<Self> {
        let mut sorted: Vec<f64> = rounds.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let half = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[half]
        } else {
            (sorted[half - 1] + sorted[half]) / 2.0
        };
        Some(Self { median, min, max })
    }

    /// Round by round, so that what disturbed both sides cancels out.
    pub fn of_ratios(over: &[f64], under: &[f64]) -> Option<Self> {
        let ratios: Vec<f64> = over
            .iter()
            .zip(under)
            .filter(|(_, under)| **under > 0.0)
            .map(|(over, under)| over / under)
            .collect();
        Self::of(&ratios)
    }

    pub fn json(self) -> serde_json::Value {
        serde_json::json!({ "median": self.median, "min": self.min, "max": self.max })
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({}–{})",
            short(self.median),
            short(self.min),
            short(self.max)
        )
    }
}

/// Three digits that matter, thousands set apart.
pub fn short(number: f64) -> String {
    let size = number.abs();
    if size >= 10_000.0 {
        grouped(&format!("{number:.0}"))
    } else if size >= 100.0 {
        format!("{number:.0}")
    } else if size >= 10.0 {
        format!("{number:.1}")
    } else if size >= 0.1 || size == 0.0 {
        format!("{number:.2}")
    } else {
        format!("{number:.4}")
    }
}

/// Thousands set apart by commas.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        let left = digits.len() - place;
        if place > 0 && left.is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_exact() {
        let mut samples = Samples::default();
        for millis in 1..=100 {
            samples.add(Duration::from_millis(millis));
        }
        assert_eq!(
            samples.percentiles([0.5, 0.95, 0.99, 1.0]),
            [50.0, 95.0, 99.0, 100.0]
        );
        assert_eq!(Samples::default().percentiles([0.5]), [0.0]);
    }

    #[test]
    fn the_middle_of_an_even_number_of_rounds_lies_between() {
        let spread = Spread::of(&[4.0, 1.0, 2.0, 3.0]).unwrap();
        assert_eq!((spread.median, spread.min, spread.max), (2.5, 1.0, 4.0));
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(short(123_456.0), "123,456");
        assert_eq!(short(1_234_567.0), "1,234,567");
        assert_eq!(short(999.4), "999");
        assert_eq!(short(0.256), "0.26");
    }
}
