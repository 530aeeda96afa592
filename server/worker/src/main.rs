//! The program `bilten-worker`: the work behind the scenes in a process of its own.

use std::{io::Write, path::PathBuf, process::ExitCode};

use adapters::config::Config;
use bilten_worker::{Pace, logging, run};
use tokio::sync::watch;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    match work().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bilten-worker: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn work() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let file: Option<PathBuf> = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => None,
        (Some("--config"), Some(file)) => Some(file.into()),
        _ => return Err("usage: bilten-worker [--config FILE]".into()),
    };
    let config = Config::for_worker(file.as_deref()).map_err(|faults| faults.to_string())?;
    logging::start(&config.log)?;
    let services = adapters::assemble(&config)?;
    services.db.ping().await?;
    if config.is_production() && services.db.is_above_policies().await? {
        return Err(
            "database.url: its user stands above the policies; see docs/operating.md".into(),
        );
    }
    for (setting, why) in config.doubts() {
        tracing::warn!(setting, why, "probably not meant");
    }
    tokio::spawn(services.db.clone().watch());
    let pace = Pace {
        poll: config.worker.poll(),
        batch: config.worker.batch.into(),
        check: config.worker.check(),
    };
    let (stopping, stop) = watch::channel(false);
    tokio::spawn(async move {
        // Without signals there is nothing to wait for: the process is ended from outside.
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = stopping.send(true);
        } else {
            std::future::pending::<()>().await;
        }
    });
    tracing::info!("working");
    run(services, pace, stop).await;
    Ok(())
}
