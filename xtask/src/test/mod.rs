//! `cargo xtask test`: everything that must hold, in the order in which a fault is found soonest, with
//! dependencies compiled as few times as possible:
//!
//! - clippy's run checks the queries against PostgreSQL as well, so there is no separate `cargo check`;
//! - unit, service and HTTP tests and the server of the browser journeys share the dev profile;
//! - only the wasm files are built for release, because their size is a promise.

mod journeys;
mod native;
mod report;

use clap::{Args, ValueEnum};

use crate::{
    Result, audit, check_deps, postgres::Cluster, prepare, project::Project, redis, shell, site,
    size_budget, tools, twins,
};
use report::Report;

#[derive(Args)]
pub struct Options {
    /// Only one part
    #[arg(long, value_enum)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, dependency rules, known vulnerabilities, clippy, query metadata
    Lint,
    /// Unit, property, service and HTTP tests
    Unit,
    /// The release build for the browser and its size
    Wasm,
    /// The journeys in a browser (builds what they need)
    E2e,
}

pub fn test(project: &Project, options: &Options) -> Result {
    let wanted = |part: Part| options.only.is_none_or(|only| only == part);
    let mut report = Report::new();
    report.step("set-up", || set_up(project, options.only));
    if report.failed() {
        return report.finish();
    }
    let cluster = Cluster::for_tests(project)?;
    if options.only != Some(Part::Wasm) {
        report.step("PostgreSQL", || cluster.start().map(drop));
        if report.failed() {
            return report.finish();
        }
    }
    if wanted(Part::Lint) {
        lint(project, &cluster, &mut report);
    }
    if wanted(Part::Unit) || wanted(Part::E2e) {
        report.step("build server and tests", || native::build(project));
    }
    if wanted(Part::Unit) {
        report.counted("unit, property, service and HTTP tests", || {
            native::test(project, &cluster)
        });
    }
    if wanted(Part::Wasm) || wanted(Part::E2e) {
        report.step("release build for the browser", || {
            site::build_frontend(project)
        });
        report.after("release build for the browser", "wasm size budget", || {
            size_budget::check(project)
        });
        report.step("rules of the door, native against wasm", || {
            twins::compare(project, &twins::Options::default())
        });
    }
    if wanted(Part::E2e) {
        let needed = ["build server and tests", "release build for the browser"];
        report.counted_after(&needed, "browser journeys", || {
            journeys::test(project, &cluster)
        });
    }
    cluster.remove()?;
    report.finish()
}

fn set_up(project: &Project, only: Option<Part>) -> Result {
    if !matches!(only, Some(Part::Unit)) {
        tools::setup(project)?;
    }
    if matches!(only, None | Some(Part::Unit)) {
        redis::find_or_install()?;
    }
    tools::components(project)
}

fn lint(project: &Project, cluster: &Cluster, report: &mut Report) {
    report.step("format", || {
        shell::run(project.cargo().args(["fmt", "--all", "--check"]))
    });
    report.step("dependency rules", || check_deps::check(project));
    report.step("known vulnerabilities and licences", || {
        audit::with_what_is_here(project)
    });
    report.step("clippy, and queries against PostgreSQL", || {
        let database = cluster.database("prepare")?;
        let written = prepare::with_queries(project, &database, |live| {
            let mut command = project.cargo();
            command.args(["clippy", "--locked", "--workspace", "--all-targets"]);
            live.apply(&mut command);
            shell::run(command.args(["--", "-D", "warnings"]))
        })?;
        prepare::compare(project, &written)
    });
    report.step("clippy of the program for production", || {
        let mut command = project.cargo();
        command.args(["clippy", "--locked", "--package=bilten", "--lib", "--bins"]);
        command.args(["--no-default-features", "--", "-D", "warnings"]);
        shell::run(command.env("SQLX_OFFLINE", "true"))
    });
    report.step("clippy of the browser's half", || {
        let mut command = project.cargo();
        command.args([
            "clippy",
            "--locked",
            "--package=frontend",
            "--target=wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ]);
        shell::run(&mut command)
    });
}
