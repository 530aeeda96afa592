//! The other side of the ratios: what PostgreSQL itself does with the same work, driven by its own load generator.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use crate::Result;

pub struct Pgbench {
    pub program: PathBuf,
    pub url: String,
    pub folder: PathBuf,
}

impl Pgbench {
    /// Runs a script once, to set something up.
    pub fn once(&self, name: &str, sql: &str) -> Result {
        let file = self.script(name, sql)?;
        self.start(&["-n", "-t", "1", "-c", "1"], &file).map(drop)
    }

    /// Starts a script that goes on for a while, as somebody does who stands in the others' way.
    pub fn begin(&self, name: &str, sql: &str) -> Result<Running> {
        let file = self.script(name, sql)?;
        let mut command = self.command(&["-n", "-t", "1", "-c", "1"], &file);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Running(command.spawn()?))
    }

    /// Transactions per second of a script at this many clients.
    pub fn rate(&self, name: &str, sql: &str, clients: u32, seconds: u64) -> Result<f64> {
        let file = self.script(name, sql)?;
        let (clients, seconds) = (clients.to_string(), seconds.max(1).to_string());
        let text = self.start(
            &[
                "-n", "-M", "prepared", "-j", "2", "-c", &clients, "-T", &seconds,
            ],
            &file,
        )?;
        text.lines()
            .find_map(|line| {
                line.strip_prefix("tps = ")?
                    .split_whitespace()
                    .next()?
                    .parse()
                    .ok()
            })
            .ok_or_else(|| format!("pgbench told no rate:\n{text}").into())
    }

    /// The number of clients at which the script does best.
    pub fn best(&self, name: &str, sql: &str, choices: &[u32]) -> Result<u32> {
        let mut best = (0.0, 1);
        for clients in choices {
            let rate = self.rate(name, sql, *clients, 2)?;
            if rate > best.0 {
                best = (rate, *clients);
            }
        }
        Ok(best.1)
    }

    fn script(&self, name: &str, sql: &str) -> Result<PathBuf> {
        let file = self.folder.join(format!("{name}.sql"));
        // One statement a line is what pgbench takes for one round trip.
        fs::write(&file, sql)?;
        Ok(file)
    }

    fn start(&self, arguments: &[&str], file: &std::path::Path) -> Result<String> {
        let output = self
            .command(arguments, file)
            .output()
            .map_err(|error| format!("cannot start {}: {error}", self.program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() && !text.contains("aborted") {
            return Ok(text);
        }
        Err(format!(
            "pgbench failed:\n{text}{}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into())
    }

    fn command(&self, arguments: &[&str], file: &std::path::Path) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .arg("-f")
            .arg(file)
            .arg(&self.url)
            .env_remove("LD_LIBRARY_PATH");
        command
    }
}

/// A script that goes on.
pub struct Running(Child);

impl Running {
    /// Waits for its end.
    pub fn end(mut self) -> Result {
        if self.0.wait()?.success() {
            Ok(())
        } else {
            Err("what was to stand in the others' way could not".into())
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
