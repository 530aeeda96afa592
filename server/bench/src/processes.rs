//! Starting, stopping and killing what is measured: the server, the worker, PostgreSQL.

use std::{
    fs::OpenOptions,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    Result, cpu,
    http::{self, Client},
    place::Place,
};

/// Longest wait for a program to be ready.
const START: Duration = Duration::from_secs(30);

/// The real server process.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts it on a free port, with or without the worker inside, and waits until it is ready.
    pub async fn start(place: &Place, worker_inside: bool) -> Result<Self> {
        Self::start_with(place, worker_inside, &[]).await
    }

    /// The same with settings of its own, as name and value.
    pub async fn start_with(
        place: &Place,
        worker_inside: bool,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let server = Self::spawn_with(place, worker_inside, free_port()?, settings)?;
        server.ready("/readyz").await?;
        Ok(server)
    }

    /// Starts it on a given port and does not wait.
    pub fn spawn(place: &Place, worker_inside: bool, port: u16) -> Result<Self> {
        Self::spawn_with(place, worker_inside, port, &[])
    }

    /// The same with settings of its own, as name and value.
    pub fn spawn_with(
        place: &Place,
        worker_inside: bool,
        port: u16,
        settings: &[(&str, &str)],
    ) -> Result<Self> {
        let mut command = Command::new(&place.server);
        command
            .arg("serve")
            .env("BILTEN_SITE", &place.site)
            .env("PORT", port.to_string())
            // Each buyer has an address of their own, as behind a proxy.
            .env("BILTEN_SERVER__BEHIND_PROXY", "true")
            .env("BILTEN_WORKER__INSIDE", worker_inside.to_string());
        let child = program(place, command, "server.log", settings)?;
        Ok(Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], port)),
        })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the first good answer; returns how long that took.
    pub async fn ready(&self, path: &str) -> Result<Duration> {
        let begun = Instant::now();
        let request = http::get(self.address, path);
        while begun.elapsed() < START {
            if Client::new(self.address)
                .send(&request)
                .await
                .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(begun.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Err(format!("the server did not answer {path} within {START:?}; see server.log").into())
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        end(&mut self.child);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port on which nobody listens.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The worker as a process of its own.
pub struct Worker(Child);

impl Worker {
    pub fn start(place: &Place) -> Result<Self> {
        let command = Command::new(&place.worker);
        Ok(Self(program(place, command, "worker.log", &[])?))
    }

    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    pub fn kill(&mut self) {
        end(&mut self.0);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

fn end(child: &mut Child) {
    // Both fail only if it has ended already.
    let _ = child.kill();
    let _ = child.wait();
}

fn program(
    place: &Place,
    mut command: Command,
    log: &str,
    settings: &[(&str, &str)],
) -> Result<Child> {
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(place.folder.join(log))?;
    let name = command.get_program().to_string_lossy().into_owned();
    command
        .env("DATABASE_URL", &place.database)
        .env("BILTEN_MAIL__FOLDER", place.folder.join("mail"))
        .env("BILTEN_FILES__FOLDER", place.folder.join("files"))
        // Nothing expires while it is being measured.
        .env("BILTEN_SALES__HOLD_MINUTES", "120")
        // The generator shares these cores, and its work would count as the server's.
        .env("BILTEN_SALES__CROWD", "0")
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .map_err(|error| format!("cannot start {name}: {error}").into())
}

/// The private PostgreSQL, seen from outside.
pub struct Postgres<'a>(pub &'a Place);

impl Postgres<'_> {
    /// Kills the postmaster and all backends at once. Nothing is written down.
    pub fn kill(&self) -> Result {
        let all = self.all()?;
        signal("KILL", &all)?;
        let begun = Instant::now();
        while all
            .iter()
            .any(|pid| Path::new(&format!("/proc/{pid}")).exists())
        {
            if begun.elapsed() > Duration::from_secs(10) {
                return Err("PostgreSQL's processes do not go away".into());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Starts it again; it recovers what was committed.
    pub fn start(&self) -> Result {
        let status = Command::new(&self.0.control)
            .args(["bench-postgres", "start"])
            .stdin(Stdio::null())
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err("PostgreSQL did not start again".into())
        }
    }

    /// Stops all its processes in the middle of whatever they do.
    pub fn freeze(&self) -> Result {
        signal("STOP", &self.all()?)
    }

    pub fn thaw(&self) -> Result {
        signal("CONT", &self.all()?)
    }

    /// Whether it runs.
    pub fn is_up(&self) -> bool {
        self.0
            .postmaster()
            .is_some_and(|pid| Path::new(&format!("/proc/{pid}")).exists())
    }

    fn all(&self) -> Result<Vec<u32>> {
        let postmaster = self.0.postmaster().ok_or("PostgreSQL is not running")?;
        // The postmaster first, so that it starts no new backends.
        let mut all = vec![postmaster];
        all.extend(cpu::children(postmaster));
        Ok(all)
    }
}

pub fn signal(name: &str, pids: &[u32]) -> Result {
    // Some may have ended in the meantime, so how it went says little.
    Command::new("kill")
        .arg(format!("-{name}"))
        .args(pids.iter().map(ToString::to_string))
        .stderr(Stdio::null())
        .status()?;
    Ok(())
}
