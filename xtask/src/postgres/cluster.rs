//! A private PostgreSQL cluster: own folder, own port on the loopback interface, own password.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
};

use super::{Connection, Owner, Programs};
use crate::{Result, project::Project, shell};

const USER: &str = "bilten";

/// What a crash of the machine may cost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Nothing: for data that people have typed.
    Kept,
    /// Everything, for speed: the cluster is made anew for each run of the tests.
    ThrownAway,
}

pub struct Cluster {
    folder: PathBuf,
    programs: Programs,
    owner: Owner,
    durability: Durability,
    first_port: u16,
}

impl Cluster {
    /// The cluster behind `cargo xtask run`.
    pub fn of_project(project: &Project) -> Result<Self> {
        let owner = Owner::choose()?;
        let folder = owner.data_folder(project)?.join("postgres");
        let programs = Programs::find_or_install(project)?;
        Ok(Self {
            folder,
            programs,
            owner,
            durability: Durability::Kept,
            first_port: 5533,
        })
    }

    /// The cluster that is measured: as durable as one that people's money is in.
    pub fn for_bench(project: &Project) -> Result<Self> {
        let owner = Owner::choose()?;
        let folder = owner.data_folder(project)?.join("bench-postgres");
        let programs = Programs::find_or_install(project)?;
        Ok(Self {
            folder,
            programs,
            owner,
            durability: Durability::Kept,
            first_port: 5733,
        })
    }

    /// A cluster for one run of the tests, beginning empty.
    pub fn for_tests(project: &Project) -> Result<Self> {
        let owner = Owner::choose()?;
        let folder = owner.data_folder(project)?.join("test-postgres");
        let programs = Programs::find_or_install(project)?;
        let cluster = Self {
            folder,
            programs,
            owner,
            durability: Durability::ThrownAway,
            first_port: 5633,
        };
        // An earlier run may have been broken off.
        cluster.remove()?;
        Ok(cluster)
    }

    /// Starts it, making it first if need be, and returns its port.
    pub fn start(&self) -> Result<u16> {
        if let Some(port) = self.running()? {
            return Ok(port);
        }
        if !self.cluster().join("PG_VERSION").exists() {
            self.create()?;
        }
        let port = self.free_port()?;
        let log = self.folder.join("server.log");
        let mut command = self.programs.command("pg_ctl");
        command
            .args(["start", "-s", "-w", "-t", "60", "-D"])
            .arg(self.cluster())
            .arg("-l")
            .arg(&log)
            .args(["-o", &format!("-p {port}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.run_as_owner(&mut command).map_err(|error| {
            let said = fs::read_to_string(&log).unwrap_or_default();
            let last: Vec<&str> = said.lines().rev().take(8).collect();
            format!(
                "{error}\n{}",
                last.into_iter().rev().collect::<Vec<_>>().join("\n")
            )
        })?;
        Ok(port)
    }

    /// Stops it. Not running is fine.
    pub fn stop(&self) -> Result {
        if self.running()?.is_none() {
            return Ok(());
        }
        let mode = if self.durability == Durability::Kept {
            "fast"
        } else {
            "immediate"
        };
        let mut command = self.programs.command("pg_ctl");
        command
            .args(["stop", "-s", "-w", "-m", mode, "-D"])
            .arg(self.cluster());
        self.run_as_owner(&mut command)
    }

    /// Stops it and deletes its files.
    pub fn remove(&self) -> Result {
        self.stop()?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        Ok(())
    }

    /// The address of an empty database in this cluster; one of that name is thrown away.
    pub fn fresh_database(&self, name: &str) -> Result<String> {
        let mut connection = Connection::open(&self.database("postgres")?)?;
        connection.query(&format!("drop database if exists \"{name}\" with (force)"))?;
        self.database(name)
    }

    /// PostgreSQL's data folder.
    pub fn data(&self) -> PathBuf {
        self.cluster()
    }

    /// One of PostgreSQL's programs.
    pub fn program(&self, name: &str) -> Result<PathBuf> {
        self.programs.path(name).ok_or_else(|| {
            format!("this PostgreSQL came without {name}; install the one of your system").into()
        })
    }

    /// The address of a database in this cluster, which is made if it is missing.
    pub fn database(&self, name: &str) -> Result<String> {
        let url = |name: &str| -> Result<String> {
            let port = self
                .running()?
                .ok_or("the private PostgreSQL is not running")?;
            let password = fs::read_to_string(self.folder.join("password"))?;
            Ok(format!(
                "postgres://{USER}:{}@127.0.0.1:{port}/{name}",
                password.trim()
            ))
        };
        let mut connection = Connection::open(&url("postgres")?)?;
        let known = connection.query(&format!(
            "select 1 from pg_database where datname = '{name}'"
        ))?;
        if known.is_empty() {
            connection.query(&format!("create database \"{name}\""))?;
        }
        url(name)
    }

    fn cluster(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn create(&self) -> Result {
        self.owner.make_folder(&self.folder)?;
        let password = random_password();
        let file = self.folder.join("password");
        fs::write(&file, &password)?;
        self.owner_only(&file)?;
        let locale = if cfg!(target_os = "linux") {
            "C.UTF-8"
        } else {
            "C"
        };
        let mut command = self.programs.command("initdb");
        command
            .args([
                "-U",
                USER,
                "-A",
                "password",
                "-E",
                "UTF8",
                "--no-instructions",
            ])
            .args([&format!("--locale={locale}"), "--pwfile"])
            .arg(&file)
            .arg("-D")
            .arg(self.cluster());
        if self.durability == Durability::ThrownAway {
            command.arg("--no-sync");
        }
        self.owner.apply(command.current_dir(&self.folder));
        shell::capture(&mut command)?;
        let settings = self.cluster().join("postgresql.conf");
        let mut text = fs::read_to_string(&settings)?;
        // No socket files: their paths may only be a hundred characters long.
        text.push_str("\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n");
        if self.durability == Durability::ThrownAway {
            text.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
        }
        fs::write(&settings, text)?;
        Ok(())
    }

    /// The port, if a server is running on this cluster.
    fn running(&self) -> Result<Option<u16>> {
        if !self.cluster().join("postmaster.pid").exists() {
            return Ok(None);
        }
        let mut command = self.programs.command("pg_ctl");
        command
            .arg("status")
            .arg("-D")
            .arg(self.cluster())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if self.run_as_owner(&mut command).is_err() {
            return Ok(None);
        }
        let text = fs::read_to_string(self.cluster().join("postmaster.pid"))?;
        Ok(text
            .lines()
            .nth(3)
            .and_then(|line| line.trim().parse().ok()))
    }

    /// The same port as last time where possible, so that an open database tool finds it again.
    fn free_port(&self) -> Result<u16> {
        let file = self.folder.join("port");
        let last = fs::read_to_string(&file)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        let first = self.first_port;
        let port = last
            .into_iter()
            .chain(first..first + 50)
            .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
            .ok_or("no free port for PostgreSQL")?;
        fs::write(&file, port.to_string())?;
        Ok(port)
    }

    fn run_as_owner(&self, command: &mut std::process::Command) -> Result {
        // The other user must be able to enter the folder that the program starts in.
        self.owner.apply(command.current_dir(&self.folder));
        shell::run(command)
    }

    fn owner_only(&self, file: &Path) -> Result {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
            fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
            let folder = self.folder.metadata()?;
            if self.owner.is_other() {
                chown(file, Some(folder.uid()), Some(folder.gid()))?;
            }
        }
        #[cfg(not(unix))]
        let _ = file;
        Ok(())
    }
}

/// Other people on this machine can reach the port, so it needs a password.
fn random_password() -> String {
    use std::hash::{BuildHasher as _, RandomState};
    // Keyed by 128 bits that the operating system gave at random.
    let random = RandomState::new();
    format!(
        "{:016x}{:016x}",
        random.hash_one("first half"),
        random.hash_one("second half")
    )
}
