//! `cargo xtask run`: from a fresh clone to a page in the browser.

use std::{fs, process::Command};

use clap::Args;

use crate::{
    Result,
    double::Double,
    postgres::Cluster,
    project::{FNV_START, Project, fnv},
    shell, site, tools,
};

#[derive(Args)]
pub struct Options {
    /// Build without optimisation: quicker to build, slower to run
    #[arg(long)]
    dev: bool,
    /// Port to serve on
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Pay as with Stripe, at a server beside it that behaves like Stripe; no money moves
    #[arg(long)]
    stripe_sandbox: bool,
    /// With it: pay in the page of the order, in fields that stand for Stripe's
    #[arg(long, requires = "stripe_sandbox")]
    element: bool,
}

pub fn run(project: &Project, options: &Options) -> Result {
    let profile = if options.dev { "debug" } else { "release" };
    tools::setup(project)?;
    let database = database(project)?;
    site::build(project, options.dev)?;
    let double = if options.stripe_sandbox {
        Some(Double::start(project, options.port)?)
    } else {
        None
    };

    let server = |verb: &str| -> Command {
        let mut command = site::server(project, profile, verb);
        command
            .env("DATABASE_URL", &database)
            .env("PORT", options.port.to_string());
        if let Some(double) = &double {
            command.envs(double.settings(options.element));
        }
        command
    };
    shell::step("bringing the database up to date", "2 s", || {
        // The first migration is long; that it took a second is not worth a page of log.
        shell::run(server("migrate").env("BILTEN_LOG__FILTER", "warn,sqlx=error"))
    })?;
    let sign_ins = demo(project, &database, || shell::capture(&mut server("demo")))?;
    println!("\n{}\n", sign_ins.trim_end());
    println!(
        "Bilten is on http://localhost:{} — Ctrl-C stops it.",
        options.port
    );
    if let Some(double) = &double {
        println!("{}", double.how_to_pay());
    }
    if std::env::var_os("DATABASE_URL").is_none() {
        println!(
            "Its PostgreSQL goes on running, so that the next start is quick; `cargo xtask stop` stops it."
        );
    }
    println!();
    let serve = server("serve");
    // Ctrl-C reaches both; only if the server cannot be started is there nobody left for the double.
    let failed = become_server(serve);
    drop(double);
    failed
}

pub fn stop(project: &Project) -> Result {
    Cluster::of_project(project)?.stop()
}

/// DATABASE_URL where it is set, else a private cluster under the data folder.
fn database(project: &Project) -> Result<String> {
    if let Ok(url) = std::env::var("DATABASE_URL")
        && !url.is_empty()
    {
        println!("• using the PostgreSQL that DATABASE_URL names");
        return Ok(url);
    }
    let cluster = Cluster::of_project(project)?;
    shell::step("starting a private PostgreSQL", "3 s", || cluster.start())?;
    cluster.database("bilten")
}

/// Fills an empty database once, and remembers the sign-ins that came with it.
fn demo(
    project: &Project,
    database: &str,
    fill: impl FnOnce() -> Result<String>,
) -> Result<String> {
    // The port of the private cluster may change; what counts is which database it is.
    let external = std::env::var_os("DATABASE_URL").is_some_and(|url| !url.is_empty());
    let name = if external {
        format!("{:016x}", fnv(FNV_START, database.as_bytes()))
    } else {
        "private".to_owned()
    };
    let folder = project.data().join("demo");
    let file = folder.join(format!("{name}.txt"));
    if let Ok(text) = fs::read_to_string(&file) {
        return Ok(text);
    }
    let text = shell::step("filling the database with demo data", "20 s, once", fill)?;
    fs::create_dir_all(folder)?;
    fs::write(file, &text)?;
    Ok(text)
}

/// Turns this process into the server, so that Ctrl-C reaches it and it can finish what it is doing.
#[cfg(unix)]
fn become_server(mut command: Command) -> Result {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_server(mut command: Command) -> Result {
    shell::run(&mut command)
}
