//! Who spent how much processor time, and who holds how much memory: read from /proc.

use std::{collections::BTreeMap, fs, process::Command, sync::OnceLock};

/// Seconds of processor time by who spent them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cpu {
    pub application: f64,
    pub postgres: f64,
    pub generator: f64,
}

impl Cpu {
    pub fn since(self, before: Self) -> Self {
        Self {
            application: self.application - before.application,
            postgres: self.postgres - before.postgres,
            generator: self.generator - before.generator,
        }
    }

    pub fn plus(self, other: Self) -> Self {
        Self {
            application: self.application + other.application,
            postgres: self.postgres + other.postgres,
            generator: self.generator + other.generator,
        }
    }

    /// Microseconds for each of so many operations.
    pub fn per(self, operations: f64) -> Option<Self> {
        (operations > 0.0).then(|| Self {
            application: self.application * 1e6 / operations,
            postgres: self.postgres * 1e6 / operations,
            generator: self.generator * 1e6 / operations,
        })
    }
}

/// Whose time is taken.
#[derive(Debug, Clone)]
pub struct Meter {
    pub application: Vec<u32>,
    pub postmaster: Option<u32>,
}

impl Meter {
    pub fn read(&self) -> Cpu {
        let all = processes();
        let own = |pid: &u32| all.get(pid).map_or(0.0, |process| process.own);
        let postgres = self.postmaster.map_or(0.0, |postmaster| {
            // Backends that have ended are in the postmaster's account of its children.
            let ended = all.get(&postmaster).map_or(0.0, |process| process.ended);
            let living: f64 = all
                .values()
                .filter(|process| process.parent == postmaster)
                .map(|process| process.own)
                .sum();
            own(&postmaster) + ended + living
        });
        Cpu {
            application: self.application.iter().map(own).sum(),
            postgres,
            generator: own(&std::process::id()),
        }
    }
}

struct Process {
    parent: u32,
    own: f64,
    ended: f64,
}

fn processes() -> BTreeMap<u32, Process> {
    fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((pid, read(pid)?))
        })
        .collect()
}

/// See proc(5): the fields after the name, which may hold spaces.
fn read(pid: u32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let seconds =
        |index: usize| -> Option<f64> { Some(fields.get(index)?.parse::<f64>().ok()? / ticks()) };
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        own: seconds(11)? + seconds(12)?,
        ended: seconds(13)? + seconds(14)?,
    })
}

/// The children of a process.
pub fn children(parent: u32) -> Vec<u32> {
    processes()
        .into_iter()
        .filter(|(_, process)| process.parent == parent)
        .map(|(pid, _)| pid)
        .collect()
}

fn ticks() -> f64 {
    static TICKS: OnceLock<f64> = OnceLock::new();
    *TICKS.get_or_init(|| {
        let output = Command::new("getconf").arg("CLK_TCK").output();
        output
            .ok()
            .and_then(|output| String::from_utf8(output.stdout).ok()?.trim().parse().ok())
            .unwrap_or(100.0)
    })
}

/// Memory of a process that is not shared out to disk, in kilobytes.
pub fn resident(pid: u32) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The machine's load over the last minute.
pub fn load_average() -> String {
    fs::read_to_string("/proc/loadavg")
        .ok()
        .and_then(|text| text.split_whitespace().next().map(str::to_owned))
        .unwrap_or_else(|| "unknown".to_owned())
}
