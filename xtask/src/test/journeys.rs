//! The journeys in a browser: a server of their own with demo data, on a database of their own.
//!
//! `end2end/` brings its own runner; it is started with `npm test` and told by variables where things
//! are: BASE_URL, MAIL_FOLDER, CHROMIUM. It closes with a line "N passed, N failed".

use std::fs;

use super::{native::number_before, report::Count};
use crate::{
    Result, browser,
    double::Double,
    postgres::Cluster,
    project::Project,
    server::{Server, free_port},
    shell, site, tools,
};

pub fn test(project: &Project, cluster: &Cluster) -> Result<(Count, Option<String>)> {
    let folder = project.root.join("end2end");
    if !folder.join("package.json").exists() {
        return Err("end2end/package.json is missing".into());
    }
    let chromium = browser::find_or_install()?;
    tools::npm_ci(project, "end2end", "browser journeys")?;

    let database = cluster.database("journeys")?;
    let data = project.target.join(format!("journeys-{}", project.tag()));
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    fs::create_dir_all(&data)?;
    // Leptos looks for the names of the built files beside the program that runs.
    fs::copy(
        project.target.join("release").join("hash.txt"),
        project.target.join("debug").join("hash.txt"),
    )?;
    let port = free_port()?;
    // Journeys that need one start an OpenID provider there.
    let provider = format!("http://localhost:{}", free_port()?);
    let server = |verb: &str| {
        let mut command = site::server(project, "debug", verb);
        command
            .env("DATABASE_URL", &database)
            .env("PORT", port.to_string())
            .env("BILTEN_MAIL__FOLDER", data.join("mail"))
            .env("BILTEN_FILES__FOLDER", data.join("files"))
            // Each visitor of a journey has an address of their own, so that limits per address hold nobody up.
            .env("BILTEN_SERVER__BEHIND_PROXY", "true")
            .env("BILTEN_WALLETS__SIGN_IN", "true")
            .env("BILTEN_PROVIDER__ISSUER", &provider)
            .env("BILTEN_PROVIDER__NAME", "Paper House")
            .env("BILTEN_PROVIDER__CLIENT_ID", "bilten")
            .env("BILTEN_PROVIDER__CLIENT_SECRET", "a secret of the journeys");
        command
    };
    shell::run(&mut server("migrate"))?;
    shell::step("filling the database with demo data", "40 s", || {
        shell::capture(&mut server("demo"))
    })?;
    let running = Server::start(server("serve"), port, &data.join("server.log"))?;
    // Journeys about real money have servers that take it with Stripe, on its page and in a page of ours: each with its own
    // database, and a double of its own beside it, whose book is held against ours.
    let with_stripe = |name: &str, in_page: bool| -> Result<(Server, Double, u16)> {
        let port = free_port()?;
        let database = cluster.database(&format!("journeys_{name}"))?;
        let double = Double::start(project, port)?;
        let command = |verb: &str| {
            let mut command = server(verb);
            command
                .env("DATABASE_URL", &database)
                .env("PORT", port.to_string())
                .envs(double.settings(in_page));
            command
        };
        shell::run(&mut command("migrate"))?;
        let log = data.join(format!("server-{name}.log"));
        Ok((Server::start(command("serve"), port, &log)?, double, port))
    };
    let hosted = with_stripe("stripe", false)?;
    let element = with_stripe("element", true)?;

    let npm = shell::which("npm").ok_or("npm is missing")?;
    let mut command = shell::command(npm, &folder);
    command
        .args(["test", "--silent"])
        .env("BASE_URL", format!("http://localhost:{port}"))
        .env("MAIL_FOLDER", data.join("mail"))
        .env("PROVIDER_URL", &provider)
        .env("DATABASE_URL", &database)
        .env("PSQL", cluster.program("psql")?)
        .env("STRIPE_BASE_URL", format!("http://localhost:{}", hosted.2))
        .env("STRIPE_URL", hosted.1.url())
        .env(
            "ELEMENT_BASE_URL",
            format!("http://localhost:{}", element.2),
        )
        .env("ELEMENT_URL", element.1.url())
        .env("CHROMIUM", chromium);
    let mut count = Count::default();
    let result = shell::run_reading(&mut command, |line| {
        if line.contains(" passed") && line.contains(" failed") {
            count = Count {
                passed: number_before(line, " passed"),
                failed: number_before(line, " failed"),
            };
        }
    });
    drop((running, hosted, element));
    let mut log = fs::read(data.join("server.log"))?;
    log.extend(fs::read(data.join("server-stripe.log"))?);
    log.extend(fs::read(data.join("server-element.log"))?);
    let problem = match (result, panic(&String::from_utf8_lossy(&log))) {
        // A page may look right although the server broke beside it.
        (_, Some(line)) => {
            count.failed += 1;
            Some(format!("the server panicked: {line}"))
        }
        (Err(error), None) if count.failed == 0 => {
            count.failed = 1;
            Some(error.to_string())
        }
        _ => None,
    };
    if count.failed > 0 {
        println!("  the server's log: {}", data.join("server.log").display());
    }
    Ok((count, problem))
}

/// The first panic in the server's log.
fn panic(log: &str) -> Option<String> {
    log.lines()
        .find(|line| line.contains("ERROR") && line.contains("panic"))
        .map(str::to_owned)
}
