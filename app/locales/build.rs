//! Turns `en/*.toml` and `ar/*.toml` into one Rust module per file.
//!
//! Both languages must say the same things: a key, a plural form or a placeholder that one of them
//! lacks stops the build, with the file and the key in the message.

#[path = "generate/catalogue.rs"]
mod catalogue;
#[path = "generate/write.rs"]
mod write;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=generate");
    println!("cargo::rerun-if-changed=en");
    println!("cargo::rerun-if-changed=ar");
    let Some(out) = std::env::var_os("OUT_DIR") else {
        println!("cargo::error=OUT_DIR is not set");
        return ExitCode::FAILURE;
    };
    let faults = match catalogue::read(Path::new(".")) {
        Ok(modules) => match write::all(&modules, Path::new(&out)) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(fault) => vec![fault.to_string()],
        },
        Err(faults) => faults,
    };
    for fault in faults {
        println!("cargo::error={fault}");
    }
    ExitCode::FAILURE
}
