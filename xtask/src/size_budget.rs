//! Holds what the browser has to fetch to a budget, measured as it is sent: compressed with brotli.

use std::fs;

use crate::{Result, project::Project};

/// The chunk that every page loads: framework, router, shell.
const MAIN: u64 = 230_000;
/// Any chunk that is loaded when its area is entered. What is promised is 150 kB: see docs/decisions/0002-wasm-budget.md.
const AREA: u64 = 240_000;
/// The scanner brings along what no server is there to do: the rules, and the reading of codes and of pictures.
const SCANNER: u64 = 315_000;
/// The splitter makes a file for every combination of areas that share code; many small ones are slow.
const FILES: usize = 32;

pub fn check(project: &Project) -> Result {
    let folder = project.site().join("pkg");
    let mut sizes = Vec::new();
    for entry in fs::read_dir(&folder)
        .map_err(|_| format!("{} is missing; build first", folder.display()))?
    {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".wasm") {
            let compressed = entry.path().with_file_name(format!("{name}.br"));
            let size = compressed
                .metadata()
                .map_err(|_| {
                    format!(
                        "{} is missing; build with --precompress",
                        compressed.display()
                    )
                })?
                .len();
            sizes.push((name.starts_with("bilten."), size, name));
        }
    }
    sizes.sort_by(|a, b| b.cmp(a));
    let mut faults = Vec::new();
    for (main, size, name) in &sizes {
        let budget = match name {
            _ if *main => MAIN,
            name if name.starts_with("split_scanner") => SCANNER,
            _ => AREA,
        };
        let over = *size > budget;
        println!(
            "  {:>9} of {:>6} kB  {}{name}",
            kilobytes(*size),
            budget / 1000,
            if over { "TOO BIG " } else { "" }
        );
        if over {
            faults.push(format!(
                "{name} is {} kB, its budget is {} kB",
                kilobytes(*size),
                budget / 1000
            ));
        }
    }
    println!("  {} of {FILES} wasm files", sizes.len());
    if !sizes.iter().any(|(main, ..)| *main) {
        faults.push("there is no main chunk".to_owned());
    }
    if sizes.len() > FILES {
        faults.push(format!("{} wasm files, the budget is {FILES}", sizes.len()));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n").into())
    }
}

fn kilobytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}
