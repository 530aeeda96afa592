//! Writes `.sqlx`: what PostgreSQL says about each query, so that building needs no database.
//!
//! The query macros do the writing when they are expanded with SQLX_OFFLINE=false. That happens only if
//! the compiler runs, so the packages that hold queries are made to look changed for that one run.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use clap::Args;

use crate::{
    Result,
    postgres::{Cluster, Connection},
    project::Project,
    shell,
};

/// The packages that hold queries.
const HOLDERS: &[(&str, &str)] = &[
    ("services", "server/services"),
    ("testkit", "server/testkit"),
];

#[derive(Args)]
pub struct Options {
    /// Only compare, and fail where .sqlx is not what would be written
    #[arg(long)]
    check: bool,
}

pub fn prepare(project: &Project, options: &Options) -> Result {
    let cluster = Cluster::for_tests(project)?;
    shell::step("starting a private PostgreSQL", "3 s", || cluster.start())?;
    let database = cluster.database("prepare")?;
    let result = with_queries(project, &database, |live| {
        let mut command = project.cargo();
        command.args(["check", "--all-targets"]);
        for (package, _) in HOLDERS {
            command.args(["--package", package]);
        }
        live.apply(&mut command);
        shell::run(&mut command)
    })
    .and_then(|written| {
        if options.check {
            compare(project, &written)
        } else {
            replace(project, &written)
        }
    });
    cluster.remove()?;
    result
}

/// How a compiler run is told to ask the database and where to write.
pub struct Live<'a> {
    database: &'a str,
    folder: PathBuf,
}

impl Live<'_> {
    pub fn apply(&self, command: &mut Command) {
        command
            .env("SQLX_OFFLINE", "false")
            .env("SQLX_OFFLINE_DIR", &self.folder)
            .env("DATABASE_URL", self.database);
    }
}

/// Migrates an empty database, has `compile` expand all queries against it and returns what they wrote.
pub fn with_queries(
    project: &Project,
    database: &str,
    compile: impl FnOnce(&Live<'_>) -> Result,
) -> Result<BTreeMap<String, String>> {
    migrate(project, database)?;
    let live = Live {
        database,
        folder: project.target.join(format!("sqlx-{}", project.tag())),
    };
    if live.folder.exists() {
        fs::remove_dir_all(&live.folder)?;
    }
    fs::create_dir_all(&live.folder)?;
    let touched: Vec<Touched> = HOLDERS
        .iter()
        .map(|(_, folder)| Touched::new(project.root.join(folder).join("src").join("lib.rs")))
        .collect::<Result<_>>()?;
    let compiled = compile(&live);
    drop(touched);
    compiled?;
    read(&live.folder)
}

/// Applies `migrations/` in the order of the names.
fn migrate(project: &Project, database: &str) -> Result {
    let mut files = Vec::new();
    crate::site::collect(&project.root.join("migrations"), &mut files)?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let mut connection = Connection::open(database)?;
    for file in files {
        connection
            .query(&fs::read_to_string(&file)?)
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// Compares what the macros wrote with `.sqlx`.
pub fn compare(project: &Project, written: &BTreeMap<String, String>) -> Result {
    let kept = read(&project.root.join(".sqlx"))?;
    let missing = written
        .keys()
        .filter(|name| !kept.contains_key(*name))
        .count();
    let surplus = kept
        .keys()
        .filter(|name| !written.contains_key(*name))
        .count();
    let changed = written
        .iter()
        .filter(|(name, text)| kept.get(*name).is_some_and(|kept| kept != *text))
        .count();
    if missing + surplus + changed == 0 {
        println!("  .sqlx is up to date ({} queries)", kept.len());
        return Ok(());
    }
    Err(format!(".sqlx is out of date: {missing} missing, {surplus} no longer used, {changed} changed; run: cargo xtask prepare").into())
}

fn replace(project: &Project, written: &BTreeMap<String, String>) -> Result {
    let folder = project.root.join(".sqlx");
    fs::create_dir_all(&folder)?;
    for name in read(&folder)?
        .keys()
        .filter(|name| !written.contains_key(*name))
    {
        fs::remove_file(folder.join(name))?;
    }
    for (name, text) in written {
        // Unchanged files keep their time, so that nothing is compiled because of them.
        if fs::read_to_string(folder.join(name)).ok().as_ref() != Some(text) {
            fs::write(folder.join(name), text)?;
        }
    }
    println!("  .sqlx holds {} queries", written.len());
    Ok(())
}

fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("query-") && name.ends_with(".json") {
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(files)
}

/// A source file that looks changed as long as this lives; afterwards it has its old time again, so
/// that other builds find nothing to do.
struct Touched {
    file: PathBuf,
    modified: SystemTime,
}

impl Touched {
    fn new(file: PathBuf) -> Result<Self> {
        let modified = file.metadata()?.modified()?;
        let text = fs::read(&file)?;
        fs::write(&file, text)?;
        Ok(Self { file, modified })
    }
}

impl Drop for Touched {
    fn drop(&mut self) {
        // At worst something is compiled once more.
        if let Ok(file) = fs::File::options().write(true).open(&self.file) {
            let _ = file.set_modified(self.modified);
        }
    }
}
