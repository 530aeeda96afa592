//! `cargo xtask audit`: the locked packages, held against known vulnerabilities and the licences we allow.
//!
//! Advisories come from a folder: the one that BILTEN_ADVISORY_DB names, `../shared/advisory-db`, or a copy of RustSec's
//! that is fetched once a day. The looking is done by a program of its own (`xtask/audit`), so that nobody waits for its
//! packages who does not need it.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{Result, project::Project, shell};

const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);

/// For people: fetches advisories where there are none of today.
pub fn audit(project: &Project) -> Result {
    let advisories = advisories(project)?;
    look(project, &advisories)
}

/// For tests, which must pass without a network: with the advisories that are here, and no more than a word where there are none.
pub fn with_what_is_here(project: &Project) -> Result {
    let copy = project.target.join("advisory-db");
    match here(project).or_else(|| Some(copy).filter(|copy| copy.is_dir())) {
        Some(advisories) => look(project, &advisories),
        None => {
            println!(
                "• no advisories here, so nothing was looked at; `cargo xtask audit` fetches them"
            );
            Ok(())
        }
    }
}

fn look(project: &Project, advisories: &Path) -> Result {
    println!("• advisories: {}", advisories.display());
    shell::run(
        project
            .cargo()
            .args(["run", "--quiet", "--locked", "--package", "audit", "--"])
            .arg(&project.root)
            .arg(advisories),
    )
}

/// A folder that somebody keeps for us.
fn here(project: &Project) -> Option<PathBuf> {
    let beside =
        || Some(project.root.join("../shared/advisory-db")).filter(|folder| folder.is_dir());
    std::env::var_os("BILTEN_ADVISORY_DB")
        .map(PathBuf::from)
        .or_else(beside)
}

fn advisories(project: &Project) -> Result<PathBuf> {
    if let Some(here) = here(project) {
        return Ok(here);
    }
    let copy = project.target.join("advisory-db");
    if !is_fresh(&copy) {
        let git = shell::which("git").ok_or("git is missing, and there is no advisory database")?;
        if copy.exists() {
            std::fs::remove_dir_all(&copy)?;
        }
        shell::step("fetching RustSec's advisories", "10 s", || {
            shell::run(
                shell::command(&git, &project.root)
                    .args(["clone", "--quiet", "--depth", "1", ADVISORIES])
                    .arg(&copy),
            )
        })?;
    }
    Ok(copy)
}

fn is_fresh(folder: &Path) -> bool {
    let fetched = folder.metadata().and_then(|metadata| metadata.modified());
    fetched.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < FRESH))
}
