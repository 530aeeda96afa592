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

pub fn audit(project: &Project) -> Result {
    let advisories = advisories(project)?;
    println!("• advisories: {}", advisories.display());
    shell::run(
        project
            .cargo()
            .args(["run", "--quiet", "--locked", "--package", "audit", "--"])
            .arg(&project.root)
            .arg(advisories),
    )
}

fn advisories(project: &Project) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("BILTEN_ADVISORY_DB") {
        return Ok(named.into());
    }
    let beside = project.root.join("../shared/advisory-db");
    if beside.is_dir() {
        return Ok(beside);
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
