//! The table of figures: what was measured, against what, the ratio, and what it is worth.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    cpu::Cpu,
    stats::{Spread, short},
};

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub struct Goal {
    pub must: f64,
    pub target: f64,
    pub moonshot: f64,
    /// Where less is better the numbers fall from must to moonshot.
    pub less_is_better: bool,
}

impl Goal {
    pub const fn more(must: f64, target: f64, moonshot: f64) -> Self {
        Self {
            must,
            target,
            moonshot,
            less_is_better: false,
        }
    }

    pub const fn less(must: f64, target: f64, moonshot: f64) -> Self {
        Self {
            must,
            target,
            moonshot,
            less_is_better: true,
        }
    }

    fn reached(self, value: f64) -> &'static str {
        let good = |bound: f64| {
            if self.less_is_better {
                value <= bound
            } else {
                value >= bound
            }
        };
        if good(self.moonshot) {
            "moonshot"
        } else if good(self.target) {
            "target"
        } else if good(self.must) {
            "must"
        } else {
            "below must"
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: &'static str,
    pub what: String,
    /// The figure itself, with its unit.
    pub measured: Option<(Spread, &'static str)>,
    /// What it is divided by.
    pub against: Option<(Spread, String)>,
    /// What is judged: a ratio, or a size or time by itself.
    pub value: Option<Spread>,
    pub unit: &'static str,
    pub goal: Goal,
    /// Processor time for each operation.
    pub cpu: Option<(Cpu, &'static str)>,
    pub notes: Vec<String>,
    /// Why the figure does not count.
    pub void: Option<String>,
}

impl Row {
    pub fn new(id: &'static str, what: impl Into<String>, goal: Goal) -> Self {
        Self {
            id,
            what: what.into(),
            measured: None,
            against: None,
            value: None,
            unit: "",
            goal,
            cpu: None,
            notes: Vec::new(),
            void: None,
        }
    }

    pub fn verdict(&self) -> &'static str {
        match (&self.void, self.value) {
            (Some(_), _) => "void",
            (None, Some(value)) => self.goal.reached(value.median),
            (None, None) => "not measured",
        }
    }

    pub fn text(&self) -> String {
        let mut text = format!("{:<4} {}\n", self.id, self.what);
        let mut line = |text_of: String| {
            let _ = writeln!(text, "     {text_of}");
        };
        if let Some((spread, unit)) = &self.measured {
            line(match &self.against {
                Some((under, what)) => format!("{spread} {unit}  against  {under} {what}"),
                None => format!("{spread} {unit}"),
            });
        }
        let goal = format!(
            "must {} · target {} · moonshot {}",
            short(self.goal.must),
            short(self.goal.target),
            short(self.goal.moonshot)
        );
        let unit = if self.unit.is_empty() {
            String::new()
        } else {
            format!(" {}", self.unit)
        };
        line(match self.value {
            Some(value) => format!("= {value}{unit}   [{goal}]   {}", self.verdict()),
            None => format!("= –   [{goal}]   {}", self.verdict()),
        });
        if let Some((cpu, operation)) = &self.cpu {
            line(format!(
                "CPU µs per {operation}: application {} · PostgreSQL {} · generator {}",
                short(cpu.application),
                short(cpu.postgres),
                short(cpu.generator)
            ));
        }
        for note in &self.notes {
            line(note.clone());
        }
        if let Some(why) = &self.void {
            line(format!("void: {why}"));
        }
        text
    }

    pub fn json(&self) -> Value {
        json!({
            "id": self.id,
            "what": self.what,
            "measured": self.measured.as_ref().map(|(spread, unit)| json!({ "value": spread.json(), "unit": unit })),
            "against": self.against.as_ref().map(|(spread, what)| json!({ "value": spread.json(), "what": what })),
            "value": self.value.map(Spread::json),
            "unit": self.unit,
            "must": self.goal.must,
            "target": self.goal.target,
            "moonshot": self.goal.moonshot,
            "verdict": self.verdict(),
            "cpu_us": self.cpu.as_ref().map(|(cpu, operation)| json!({
                "per": operation,
                "application": cpu.application,
                "postgres": cpu.postgres,
                "generator": cpu.generator,
            })),
            "notes": self.notes,
            "void": self.void,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Goal;

    #[test]
    fn goals_are_judged_in_both_directions() {
        let more = Goal::more(5.0, 12.0, 25.0);
        assert_eq!(more.reached(4.9), "below must");
        assert_eq!(more.reached(12.0), "target");
        let less = Goal::less(36.0, 12.0, 2.0);
        assert_eq!(less.reached(40.0), "below must");
        assert_eq!(less.reached(13.0), "must");
        assert_eq!(less.reached(2.0), "moonshot");
    }
}
