//! `cargo xtask door-day`: a day at the doors, with real browsers that lose their network, die, and have wrong clocks. It fails
//! unless every admission that was on a screen is in the server's books.
//!
//! What happens is decided by the seed in `end2end/door-day/plan.js`; here it gets a server, a database and a site of its own.

use std::{fs, path::Path};

use clap::Args;

use crate::{
    Result, browser,
    postgres::Cluster,
    project::Project,
    server::{Server, free_port},
    shell, site, tools,
};

#[derive(Args)]
pub struct Options {
    /// Tickets that are sold
    #[arg(long, default_value_t = 5_000)]
    tickets: u32,
    /// Devices, each at a gate of its own
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(2..=8))]
    devices: u32,
    /// Codes that are held before the devices
    #[arg(long, default_value_t = 2_000)]
    scans: u32,
    /// Decides what happens
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

pub fn door_day(project: &Project, options: &Options) -> Result {
    tools::setup(project)?;
    tools::npm_ci(project, "end2end", "browser journeys")?;
    let chromium = browser::find_or_install()?;
    site::build(project, false)?;
    let cluster = Cluster::for_bench(project)?;
    shell::step("starting a private PostgreSQL", "3 s", || cluster.start())?;
    let lived = on(project, &cluster, &chromium, options);
    let removed = cluster.remove();
    lived.and(removed)
}

fn on(project: &Project, cluster: &Cluster, chromium: &Path, options: &Options) -> Result {
    let database = cluster.fresh_database("door_day")?;
    let data = project.data().join("door-day");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    // A copy, because in the middle of the day there comes a file more, which to the devices is a new build.
    let site_copy = data.join("site");
    copy(&project.site(), &site_copy)?;
    let devices = data.join("devices");
    fs::create_dir_all(&devices)?;
    let port = free_port()?;
    let server = |verb: &str| {
        let mut command = site::server(project, "release", verb);
        command
            .env("DATABASE_URL", &database)
            .env("PORT", port.to_string())
            .env("BILTEN_SITE", &site_copy)
            .env("BILTEN_MAIL__FOLDER", data.join("mail"))
            .env("BILTEN_FILES__FOLDER", data.join("files"))
            // Each buyer and each device has an address of its own, as on a real day.
            .env("BILTEN_SERVER__BEHIND_PROXY", "true");
        command
    };
    shell::run(server("migrate").env("BILTEN_LOG__FILTER", "warn,sqlx=error"))?;
    shell::step("filling the database with demo data", "20 s", || {
        shell::capture(&mut server("demo"))
    })?;
    let running = Server::start(server("serve"), port, &data.join("server.log"))?;
    let node = shell::which("node").ok_or("node is missing")?;
    let mut day = shell::command(node, &project.root.join("end2end"));
    day.arg("door-day/run.js")
        .env("BASE_URL", format!("http://localhost:{port}"))
        .env("SITE", &site_copy)
        .env("FOLDER", &devices)
        .env("CHROMIUM", chromium)
        .env("PSQL", cluster.program("psql")?)
        .env("DATABASE_URL", &database)
        .env("TICKETS", options.tickets.to_string())
        .env("DEVICES", options.devices.to_string())
        .env("SCANS", options.scans.to_string())
        .env("SEED", options.seed.to_string());
    let lived = day.status()?;
    drop(running);
    if lived.success() {
        return Ok(());
    }
    Err(format!(
        "not everything is as it must be; see above, and the server's log: {}",
        data.join("server.log").display()
    )
    .into())
}

fn copy(from: &Path, to: &Path) -> Result {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
