//! Builds the site (wasm, styles, assets) and the server, and knows when there is nothing to build.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result,
    project::{FNV_START, Project, fnv},
    shell, tools,
};

/// What the built programs and files are made from.
const SOURCES: &[&str] = &[
    ".cargo",
    ".sqlx",
    "Cargo.lock",
    "Cargo.toml",
    "Leptos.toml",
    "app",
    "domain",
    "frontend",
    "migrations",
    "package-lock.json",
    "public",
    "rust-toolchain.toml",
    "server",
    "style",
];

/// Builds everything for `cargo xtask run`; seconds if nothing has changed since the last time.
pub fn build(project: &Project, debug: bool) -> Result {
    let profile = if debug { "debug" } else { "release" };
    let stamp = project
        .target
        .join(format!("bilten-{profile}-{}.stamp", project.tag()));
    let now = fingerprint(project)?;
    let built = project.server(profile).exists() && project.site().join("pkg").exists();
    // The site folder has room for one kind of build, and remembers which.
    let kind = project.site().with_extension("kind");
    let same_kind = fs::read_to_string(&kind).is_ok_and(|text| text == profile);
    if built && same_kind && fs::read_to_string(&stamp).is_ok_and(|text| text == now) {
        println!("• nothing has changed since the last build");
        return Ok(());
    }
    let _ = fs::remove_file(&stamp);
    let usually = if debug {
        "8 min the first time"
    } else {
        "15 min the first time on two cores"
    };
    shell::step(
        &format!("building the site and the server ({profile})"),
        usually,
        || {
            let mut command = leptos(project)?;
            if !debug {
                command.args(["--release", "--precompress"]);
            }
            shell::run(&mut command)
        },
    )?;
    fs::write(kind, profile)?;
    fs::write(stamp, now)?;
    Ok(())
}

/// Builds only what the browser gets, as it is released.
pub fn build_frontend(project: &Project) -> Result {
    shell::run(leptos(project)?.args(["--release", "--precompress", "--frontend-only"]))?;
    fs::write(project.site().with_extension("kind"), "frontend")?;
    Ok(())
}

fn leptos(project: &Project) -> Result<Command> {
    let mut command = shell::command("cargo-leptos", &project.root);
    let path = tools::path(project)?;
    // On some systems a program is looked up on our own PATH, not on the one it will get.
    if let Some(found) = std::env::split_paths(&path)
        .map(|folder| folder.join("cargo-leptos"))
        .find(|file| file.is_file())
    {
        command = shell::command(found, &project.root);
    }
    command
        // Pages come in parts of their own: a build that is not split has addresses of parts that do not exist.
        // What runs here is for development: with its tools. Without this a program for production is made.
        .args(["leptos", "build", "--split", "--features=development"])
        .env("PATH", path)
        .env("CARGO_TARGET_DIR", &project.target);
    Ok(command)
}

/// The server, told where the site is.
pub fn server(project: &Project, profile: &str, verb: &str) -> Command {
    let mut command = shell::command(project.server(profile), &project.root);
    command.arg(verb).env("BILTEN_SITE", project.site());
    command
}

/// Names, sizes and times of all sources.
fn fingerprint(project: &Project) -> Result<String> {
    let mut files = Vec::new();
    for name in SOURCES {
        collect(&project.root.join(name), &mut files)?;
    }
    files.sort();
    let mut hash = FNV_START;
    for file in &files {
        let metadata = file.metadata()?;
        let modified = metadata
            .modified()?
            .duration_since(std::time::UNIX_EPOCH)?
            .as_nanos();
        hash = fnv(hash, file.as_os_str().as_encoded_bytes());
        hash = fnv(hash, &metadata.len().to_be_bytes());
        hash = fnv(hash, &modified.to_be_bytes());
    }
    Ok(format!("{hash:016x}"))
}

pub fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            let entry = entry?;
            if entry.file_name() != "node_modules" {
                collect(&entry.path(), files)?;
            }
        }
    } else if path.exists() {
        files.push(path.to_owned());
    }
    Ok(())
}
