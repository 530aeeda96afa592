//! Holds the lock file against a folder of RustSec advisories and the one registry we use, and every package's licence
//! against `deny.toml`, where the exceptions stand too, each with its reason.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use rustsec::{Database, Lockfile};
use serde::Deserialize;
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What is read of `deny.toml`.
#[derive(Deserialize)]
struct Rules {
    advisories: Advisories,
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Advisories {
    ignore: Vec<Ignored>,
}

#[derive(Deserialize)]
struct Ignored {
    id: String,
    reason: String,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(root), Some(advisories)) = (arguments.next(), arguments.next()) else {
        eprintln!("audit <folder of the project> <folder of advisories>");
        return ExitCode::FAILURE;
    };
    match check(&root, &advisories) {
        Ok(faults) if faults.is_empty() => ExitCode::SUCCESS,
        Ok(faults) => {
            for fault in faults {
                println!("✗ {fault}");
            }
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn check(root: &Path, advisories: &Path) -> Result<Vec<String>> {
    let rules: Rules = toml::from_str(&fs::read_to_string(root.join("deny.toml"))?)?;
    let lock = Lockfile::load(root.join("Cargo.lock"))?;
    let mut faults = strange(&lock);
    faults.extend(vulnerable(&lock, advisories, &rules.advisories)?);
    faults.extend(unlicensed(root, &rules.licenses)?);
    Ok(faults)
}

/// Packages that are neither ours, which come from no source, nor of crates.io as they were when they were locked.
fn strange(lock: &Lockfile) -> Vec<String> {
    let packages = lock.packages.iter();
    packages
        .filter(|package| {
            package
                .source
                .as_ref()
                .is_some_and(|source| !source.is_default_registry() || package.checksum.is_none())
        })
        .map(|package| {
            format!(
                "{} {}: not from crates.io with a checksum",
                package.name, package.version
            )
        })
        .collect()
}

/// Packages with a known vulnerability, those that are unsound, and exceptions that nothing needs any more.
fn vulnerable(lock: &Lockfile, advisories: &Path, rules: &Advisories) -> Result<Vec<String>> {
    let database = Database::open(advisories)?;
    let mut faults = Vec::new();
    let mut used: Vec<&str> = Vec::new();
    let (mut found, mut noted) = (0, 0);
    for package in &lock.packages {
        for advisory in database.iter() {
            if advisory.metadata.package != package.name
                || advisory.withdrawn()
                || !advisory.versions.is_vulnerable(&package.version)
            {
                continue;
            }
            let id = advisory.id().as_str();
            let what = format!(
                "{id} {} {}: {}",
                package.name,
                package.version,
                advisory.title()
            );
            let kind = advisory.metadata.informational.as_ref();
            if let Some(exception) = rules.ignore.iter().find(|ignored| ignored.id == id) {
                used.push(&exception.id);
                println!("  excepted {what}\n           because {}", exception.reason);
            } else if kind.is_none_or(|kind| kind.is_unsound()) {
                found += 1;
                faults.push(what);
            } else {
                noted += 1;
                println!("  noted    {what}");
            }
        }
    }
    let unused = rules
        .ignore
        .iter()
        .filter(|ignored| !used.contains(&ignored.id.as_str()));
    faults.extend(
        unused.map(|ignored| format!("{} is excepted, but nothing needs that", ignored.id)),
    );
    println!(
        "{} packages, {} advisories: {found} vulnerable, {} excepted, {noted} noted (unmaintained)",
        lock.packages.len(),
        database.iter().count(),
        used.len()
    );
    Ok(faults)
}

/// Packages that may not be used as we use them.
fn unlicensed(root: &Path, rules: &Licenses) -> Result<Vec<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("no packages")?;
    let mut faults = Vec::new();
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for package in packages {
        let (name, version) = (&package["name"], &package["version"]);
        let license = package["license"].as_str().unwrap_or("");
        *counted.entry(license).or_default() += 1;
        let allowed =
            spdx::Expression::parse_mode(license, spdx::ParseMode::LAX).is_ok_and(|expression| {
                expression.evaluate(|required| rules.allow.contains(&required.to_string()))
            });
        if !allowed {
            faults.push(format!(
                "{} {}: licence {license:?} is not one of ours",
                name.as_str().unwrap_or("?"),
                version.as_str().unwrap_or("?")
            ));
        }
    }
    println!("{} packages, licences:", packages.len());
    let mut counted: Vec<_> = counted.into_iter().collect();
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (license, count) in counted {
        println!("  {count:>4}  {license}");
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_from_elsewhere_are_found() {
        let lock: Lockfile = r#"
            version = 4

            [[package]]
            name = "ours"
            version = "0.1.0"

            [[package]]
            name = "good"
            version = "1.0.0"
            source = "registry+https://github.com/rust-lang/crates.io-index"
            checksum = "0000000000000000000000000000000000000000000000000000000000000000"

            [[package]]
            name = "unchecked"
            version = "1.0.0"
            source = "registry+https://github.com/rust-lang/crates.io-index"

            [[package]]
            name = "elsewhere"
            version = "1.0.0"
            source = "registry+https://crates.example/index"
            checksum = "0000000000000000000000000000000000000000000000000000000000000000"

            [[package]]
            name = "from-git"
            version = "1.0.0"
            source = "git+https://github.com/somebody/from-git#0000000000000000000000000000000000000000"
        "#
        .parse()
        .unwrap();
        let found = strange(&lock);
        let names: Vec<_> = found
            .iter()
            .filter_map(|fault| fault.split(' ').next())
            .collect();
        assert_eq!(names, ["unchecked", "elsewhere", "from-git"]);
    }
}
