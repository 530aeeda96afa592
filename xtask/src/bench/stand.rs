//! The stand on which programs are measured: a fresh database in a cluster of its own, on a real disk.

use std::{fs, path::PathBuf};

use super::build;
use crate::{Result, postgres::Cluster, project::Project, shell, site};

/// Builds, sets the stand up, runs a command of the load generator on it and clears it away.
pub fn run(project: &Project, command: &str, arguments: &[String]) -> Result {
    build(project)?;
    let cluster = Cluster::for_bench(project)?;
    shell::step("starting a private PostgreSQL", "3 s", || cluster.start())?;
    let measured = on(project, &cluster, command, arguments);
    // What was measured on is worth nothing afterwards, and large.
    let removed = cluster.remove();
    measured.and(removed)
}

fn on(project: &Project, cluster: &Cluster, command: &str, arguments: &[String]) -> Result {
    let database = cluster.fresh_database("bench")?;
    let folder = project.data().join("bench");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut migrate = site::server(project, "release", "migrate");
    migrate
        .env("DATABASE_URL", &database)
        .env("BILTEN_LOG__FILTER", "warn,sqlx=error");
    shell::run(&mut migrate)?;
    let site = project.site();
    let site = if site.join("icon.svg").is_file() {
        site
    } else {
        // Nothing that is measured needs what the browser gets.
        project.root.join("public")
    };
    println!();
    let program = |name: &str| program(project, name);
    let mut bench = shell::command(program("bench"), &project.root);
    bench
        .arg(command)
        .arg("--server")
        .arg(program("bilten"))
        .arg("--worker")
        .arg(program("bilten-worker"))
        .arg("--site")
        .arg(site)
        .arg("--folder")
        .arg(&folder)
        .arg("--database")
        .arg(&database)
        .arg("--postgres")
        .arg(cluster.data())
        .arg("--pgbench")
        .arg(cluster.program("pgbench")?)
        .arg("--control")
        .arg(std::env::current_exe()?)
        .args(arguments);
    let status = bench.status()?;
    match status.code() {
        Some(0) => Ok(()),
        // Its own output says what is wrong; the command line would only show where everything lies.
        Some(_) => Err("not everything is as it must be; see above".into()),
        None => Err(format!("the load generator was stopped ({status})").into()),
    }
}

/// One of the optimised programs.
pub fn program(project: &Project, name: &str) -> PathBuf {
    project
        .target
        .join("release")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
