//! What building needs besides Rust: looked for first, installed only where missing.

use std::{path::PathBuf, process::Command};

use crate::{Result, project::Project, shell};

const CARGO_LEPTOS: &str = "0.3.10";
const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Tools for building the site. Takes seconds when all are there.
pub fn setup(project: &Project) -> Result {
    wasm_target(project)?;
    npm_packages(project)?;
    let bindgen = locked_version(project, "wasm-bindgen")?;
    install(
        project,
        "cargo-leptos",
        "cargo-leptos",
        CARGO_LEPTOS,
        true,
        "10 to 20 min, once per machine",
    )?;
    // Its published lock file does not build; the newest matching versions do.
    install(
        project,
        "wasm-bindgen-cli",
        "wasm-bindgen",
        &bindgen,
        false,
        "2 to 5 min, once per version",
    )
}

/// `PATH` for the build: our tools first, then the npm packages, then the machine's.
pub fn path(project: &Project) -> Result<std::ffi::OsString> {
    shell::path_with(&[
        tools_folder()?.join("bin"),
        project.root.join("node_modules").join(".bin"),
    ])
}

/// Outside the checkout, because these take long and are the same for every checkout.
fn tools_folder() -> Result<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let user = || std::env::home_dir().map(|home| home.join(".cargo"));
    Ok(home
        .or_else(user)
        .ok_or("no home folder; set CARGO_HOME")?
        .join("bilten-tools"))
}

fn wasm_target(project: &Project) -> Result {
    let sysroot =
        shell::capture(shell::command("rustc", &project.root).args(["--print", "sysroot"]))?;
    let library = PathBuf::from(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM_TARGET)
        .join("lib");
    if library.is_dir() {
        return Ok(());
    }
    if shell::which("rustup").is_none() {
        return Err(format!("Rust's {WASM_TARGET} library is missing and there is no rustup to add it; see https://rustup.rs").into());
    }
    shell::step(
        &format!("adding the Rust target {WASM_TARGET}"),
        "10 s",
        || shell::run(shell::command("rustup", &project.root).args(["target", "add", WASM_TARGET])),
    )
}

/// rustfmt and clippy, which only tests need.
pub fn components(project: &Project) -> Result {
    for (name, argument) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if shell::capture(project.cargo().args([argument, "--version"])).is_err() {
            shell::step(&format!("adding the Rust component {name}"), "10 s", || {
                shell::run(shell::command("rustup", &project.root).args(["component", "add", name]))
            })?;
        }
    }
    Ok(())
}

fn npm_packages(project: &Project) -> Result {
    let lock = project.root.join("package-lock.json");
    if !lock.exists() {
        return Ok(());
    }
    if shell::which("npm").is_none() {
        println!("• no npm on PATH: cargo-leptos will fetch Tailwind and wasm-opt itself.");
        println!(
            "  If it cannot, install Node.js 20 or newer ({}).",
            package_hint("nodejs npm")
        );
        return Ok(());
    }
    npm_ci(project, "", "Tailwind and wasm-opt")
}

/// `npm ci` in a folder of the project, unless it was done since the lock file last changed.
pub fn npm_ci(project: &Project, folder: &str, what: &str) -> Result {
    let folder = project.root.join(folder);
    let modified = |path: PathBuf| {
        path.metadata()
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    let locked = modified(folder.join("package-lock.json"));
    let installed = modified(folder.join("node_modules").join(".package-lock.json"));
    if installed.is_some() && installed >= locked {
        return Ok(());
    }
    let npm = shell::which("npm")
        .ok_or_else(|| format!("npm is missing; {}", package_hint("nodejs npm")))?;
    shell::step(&format!("installing npm packages: {what}"), "20 s", || {
        let quietly = ["--no-audit", "--no-fund", "--loglevel=error"];
        if shell::capture(shell::command(&npm, &folder).arg("ci").args(quietly)).is_ok() {
            return Ok(());
        }
        // A lock file written on one system may lack the packages that another one needs. This
        // fetches them beside the locked ones and leaves the lock file as it is.
        let mut command = shell::command(&npm, &folder);
        shell::run(command.args(["install", "--no-save"]).args(quietly))
    })
}

fn install(
    project: &Project,
    package: &str,
    program: &str,
    version: &str,
    locked: bool,
    usually: &str,
) -> Result {
    let path = path(project)?;
    let found = shell::capture(
        Command::new(program)
            .arg("--version")
            .env("PATH", &path)
            .current_dir(&project.root),
    );
    if found.is_ok_and(|text| text.split_whitespace().any(|word| word == version)) {
        return Ok(());
    }
    let folder = tools_folder()?;
    let build = folder.join("build");
    shell::step(
        &format!("installing {package} {version} into {}", folder.display()),
        usually,
        || {
            let mut command = project.cargo();
            command
                .args([
                    "install",
                    package,
                    "--version",
                    version,
                    "--quiet",
                    "--root",
                ])
                .arg(&folder);
            if locked {
                command.arg("--locked");
            }
            // Optimised just enough: with the packages' own settings this takes over an hour on two cores.
            command
                .current_dir(std::env::temp_dir())
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
                .env("CARGO_TARGET_DIR", &build)
                .env_remove("RUSTFLAGS");
            shell::run(&mut command)
        },
    )?;
    // Only the programs are wanted; what they were made from is two gigabytes.
    let _ = std::fs::remove_dir_all(build);
    Ok(())
}

fn locked_version(project: &Project, package: &str) -> Result<String> {
    let lock = std::fs::read_to_string(project.root.join("Cargo.lock"))?;
    let mut lines = lock.lines();
    lines
        .find(|line| *line == format!("name = \"{package}\""))
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| format!("Cargo.lock has no {package}").into())
}

/// Installs a package of the system where nobody has to be asked for it: with apt-get, as root. Whoever needs it looks whether it
/// is there now.
pub fn apt_install(what: &str, package: &str, usually: &str) {
    let root =
        cfg!(unix) && shell::capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root || shell::which("apt-get").is_none() {
        return;
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        shell::run(
            command
                .args(["-qq", "-o", "DPkg::Lock::Timeout=300"])
                .args(arguments)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    let installed = shell::step(&format!("installing {what}"), usually, || {
        apt(&["update"])?;
        apt(&["install", "-y", "--no-install-recommends", package])
    });
    if let Err(error) = installed {
        println!("  {error}");
    }
}

/// The command that installs system packages here.
pub fn package_hint(packages: &str) -> String {
    let managers = [
        ("apt-get", "apt-get install -y"),
        ("dnf", "dnf install -y"),
        ("pacman", "pacman -S --noconfirm"),
        ("apk", "apk add"),
        ("zypper", "zypper install -y"),
        ("brew", "brew install"),
        ("winget", "winget install"),
    ];
    let (manager, install) = managers
        .into_iter()
        .find(|(program, _)| shell::which(program).is_some())
        .unwrap_or(("", "<package manager> install"));
    let sudo = if matches!(manager, "brew" | "winget") {
        ""
    } else {
        "sudo "
    };
    format!("run: {sudo}{install} {packages}")
}
