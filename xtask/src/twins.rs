//! `cargo xtask twins`: the rules of the door, compiled for the server and for the browser, are asked the same random cases.
//! One number stands for a thousand answers; where it differs, the case is looked up.

use std::path::Path;

use clap::Args;

use crate::{Result, project::Project, shell, tools};

#[derive(Args)]
pub struct Options {
    /// How many cases, in thousands
    #[arg(long, default_value_t = 100)]
    thousands: u32,
    /// Decides the cases
    #[arg(long, default_value_t = 1)]
    seed: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            thousands: 100,
            seed: 1,
        }
    }
}

pub fn compare(project: &Project, options: &Options) -> Result {
    let native = |what: &str, number: u32| {
        let mut command = project.cargo();
        command.args(["run", "--quiet", "--locked", "--package=twins", "--", what]);
        shell::capture(command.args([options.seed.to_string(), number.to_string()]))
    };
    let here = native("hashes", options.thousands)?;
    let folder = build(project)?;
    let there = |what: &str, number: u32| wasm(project, &folder, what, options.seed, number);
    let browser = there("hashes", options.thousands)?;
    if here.lines().count() != usize::try_from(options.thousands)? {
        return Err("the native twin did not answer every case".into());
    }
    let Some(block) = here
        .lines()
        .zip(browser.lines())
        .position(|(one, other)| one != other)
    else {
        if here != browser {
            return Err("the browser's twin did not answer every case".into());
        }
        println!(
            "  {} cases from seed {}, 0 differences",
            u64::from(options.thousands) * 1000,
            options.seed
        );
        return Ok(());
    };
    let block = u32::try_from(block)?;
    let (here, browser) = (native("answers", block)?, there("answers", block)?);
    let first = here
        .lines()
        .zip(browser.lines())
        .find(|(one, other)| one != other);
    let (one, other) = first.unwrap_or(("?", "?"));
    Err(format!(
        "seed {}: natively {one}\n       in the browser {other}",
        options.seed
    )
    .into())
}

/// As the browser gets it: the same target, the same profile.
fn build(project: &Project) -> Result<std::path::PathBuf> {
    shell::run(project.cargo().args([
        "build",
        "--quiet",
        "--locked",
        "--package=twins",
        "--lib",
        "--target=wasm32-unknown-unknown",
        "--profile=wasm-release",
    ]))?;
    let built = project
        .target
        .join("wasm32-unknown-unknown/wasm-release/twins.wasm");
    let folder = project.target.join("twins");
    let mut command = shell::command("wasm-bindgen", &project.root);
    command
        .env("PATH", tools::path(project)?)
        .args(["--target", "nodejs", "--no-typescript", "--out-dir"])
        .arg(&folder)
        .arg(built);
    shell::capture(&mut command)?;
    Ok(folder)
}

fn wasm(project: &Project, folder: &Path, what: &str, seed: u32, number: u32) -> Result<String> {
    let node = shell::which("node").ok_or("node is missing")?;
    let script = format!("process.stdout.write(require('./twins.js').{what}({seed}, {number}))");
    let mut command = shell::command(node, &project.root);
    shell::capture(command.current_dir(folder).args(["-e", &script]))
}
