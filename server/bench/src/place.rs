//! Where the measurement takes place: programs, folders, the private PostgreSQL.

use std::{fs, path::PathBuf};

use adapters::config::Config;
use clap::Args;
use services::stage::Stage;

use crate::{Result, cpu::Meter, pgbench::Pgbench};

/// Told by `cargo xtask`.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The server program
    #[arg(long)]
    pub server: PathBuf,
    /// The worker program
    #[arg(long)]
    pub worker: PathBuf,
    /// The folder of built or public files
    #[arg(long)]
    pub site: PathBuf,
    /// A folder for mails, scripts and logs
    #[arg(long)]
    pub folder: PathBuf,
    /// The database, freshly migrated
    #[arg(long)]
    pub database: String,
    /// PostgreSQL's data folder
    #[arg(long)]
    pub postgres: PathBuf,
    #[arg(long)]
    pub pgbench: PathBuf,
    /// A program that takes `bench-postgres start`
    #[arg(long)]
    pub control: PathBuf,
}

impl Place {
    pub fn pgbench(&self) -> Pgbench {
        Pgbench {
            program: self.pgbench.clone(),
            url: self.database.clone(),
            folder: self.folder.clone(),
        }
    }

    /// What stages and looks at data: the use cases themselves, on the same database.
    pub fn stage(&self) -> Result<Stage> {
        let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let config = Config::load(
            None,
            [
                variable("DATABASE_URL", &self.database),
                variable("BILTEN_DATABASE__MAX_CONNECTIONS", "4"),
                // Counting everything afterwards takes longer than any request may.
                variable("BILTEN_DATABASE__STATEMENT_TIMEOUT_MS", "300000"),
            ],
        )
        .map_err(|faults| faults.to_string())?;
        let services = adapters::assemble(&config)?;
        Ok(Stage::open(&services, config.is_production())?)
    }

    /// The address of the database in three parts: before `host:port`, that, and after it.
    pub fn database_parts(&self) -> Result<(String, String, String)> {
        let odd = || format!("{} names no host and port", self.database);
        let at = self.database.rfind('@').ok_or_else(odd)? + 1;
        let (start, rest) = self.database.split_at(at);
        let end = rest.find('/').ok_or_else(odd)?;
        let (host, end) = rest.split_at(end);
        Ok((start.to_owned(), host.to_owned(), end.to_owned()))
    }

    /// PostgreSQL's first process; none while it is down.
    pub fn postmaster(&self) -> Option<u32> {
        let text = fs::read_to_string(self.postgres.join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    pub fn meter(&self, application: impl Into<Vec<u32>>) -> Meter {
        Meter {
            application: application.into(),
            postmaster: self.postmaster(),
        }
    }
}
