//! The running server, from settings to the last request.

use std::{net::SocketAddr, path::PathBuf};

use adapters::config::Config;
use services::Services;
use tokio::{net::TcpListener, signal, sync::watch, task::JoinHandle};

use crate::{
    AppState, router,
    tls::{self, Tls},
};

const ABOVE_POLICIES: &str = "database.url: production signs in as a user that is no superuser, makes no roles, passes by no \
                              policies and owns neither the database nor a table; see docs/operating.md";

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Serves until the process is asked to stop, then lets running requests finish.
pub async fn run(config: Config) -> Result<(), Failure> {
    // Rendering outside of generated routes panics without it; a second call is harmless.
    let _ = any_spawner::Executor::init_tokio();
    let tls = Tls::open(&config)?;
    let services = adapters::assemble(&config)?;
    services.db.ping().await?;
    if config.is_production() && services.db.is_above_policies().await? {
        return Err(ABOVE_POLICIES.into());
    }
    if config.is_production() {
        let shut = services::demo::shut(&services).await?;
        if shut > 0 {
            tracing::warn!(
                shut,
                "accounts of the sample data are suspended: their passwords are known"
            );
        }
    }
    for (setting, why) in config.doubts() {
        tracing::warn!(setting, why, "probably not meant");
    }
    tokio::spawn(services.live.clone().listen(services.db.clone()));
    tokio::spawn(services.db.clone().watch());
    let (stopping, stopped) = watch::channel(false);
    let working = start_worker(&config, services.clone(), stopped.clone());
    let grace = config.server.shutdown_grace();
    let behind_proxy = config.server.behind_proxy;
    let listener = TcpListener::bind(config.server.listen).await?;
    let address = listener.local_addr()?;
    let hashes = std::fs::read_to_string(beside_program("hash.txt")).ok();
    let state = AppState::new(services, config, site_folder(), hashes.as_deref())?;
    state.follow_changes();
    tracing::info!(%address, public_url = %state.origin(), "serving");
    let app = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let stop = async move {
        asked_to_stop().await;
        tracing::info!("stopping");
        let _ = stopping.send(true);
    };
    let server = async {
        match tls {
            None => tls::serve_plain(listener, behind_proxy, app, stop).await,
            Some(tls) => tls.serve(listener, app, stop).await,
        }
    };
    let mut stopped = stopped;
    tokio::select! {
        done = server => done?,
        // Streams that never end must not hold the process.
        () = async {
            let _ = stopped.wait_for(|stop| *stop).await;
            tokio::time::sleep(grace).await;
        } => tracing::warn!("some requests did not finish in time"),
    }
    // A portion of work that has begun is finished; it is short.
    if let Some(working) = working {
        working.await?;
    }
    Ok(())
}

/// The work behind the scenes in this process, unless it has one of its own.
fn start_worker(
    config: &Config,
    services: Services,
    stop: watch::Receiver<bool>,
) -> Option<JoinHandle<()>> {
    let pace = worker::Pace {
        poll: config.worker.poll(),
        batch: config.worker.batch.into(),
        check: config.worker.check(),
    };
    config
        .worker
        .inside
        .then(|| tokio::spawn(worker::run(services, pace, stop)))
}

/// The folder of built files: BILTEN_SITE, else `site` beside the program, else where the build puts it in a checkout.
fn site_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("BILTEN_SITE") {
        return folder.into();
    }
    let beside = beside_program("site");
    if beside.is_dir() {
        return beside;
    }
    // target/release/bilten → target/site
    let in_target = beside_program("../site");
    if in_target.is_dir() {
        in_target
    } else {
        PathBuf::from("target/site")
    }
}

fn beside_program(name: &str) -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.join(name)))
        .unwrap_or_else(|| name.into())
}

async fn asked_to_stop() {
    let interrupted = async {
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
