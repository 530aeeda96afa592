//! `cargo xtask reset`: back to how it was before the first start. Built programs and tools stay.

use std::{
    fs,
    io::{IsTerminal as _, Write as _},
};

use clap::Args;

use crate::{Result, postgres::Cluster, project::Project};

#[derive(Args)]
pub struct Options {
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub fn reset(project: &Project, options: &Options) -> Result {
    println!(
        "This deletes the private database, all mails and all uploaded files of this checkout."
    );
    if !options.yes && !agreed()? {
        println!("Nothing was deleted.");
        return Ok(());
    }
    Cluster::of_project(project)?.remove()?;
    for folder in ["demo", "mail", "files"] {
        let folder = project.data().join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
    }
    println!("Done. `cargo xtask run` starts afresh.");
    if std::env::var_os("DATABASE_URL").is_some() {
        println!(
            "The database that DATABASE_URL names was left alone; drop and create it yourself."
        );
    }
    Ok(())
}

fn agreed() -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Err("there is nobody to ask; add --yes".into());
    }
    print!("Go on? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
