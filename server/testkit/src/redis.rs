//! A Redis of a test's own, which can be killed and started again.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Ended with the test.
pub struct RedisServer {
    process: Option<Child>,
    port: u16,
}

impl RedisServer {
    pub fn start() -> Self {
        let mut port = port();
        loop {
            if let Some(process) = run(port) {
                let process = Some(process);
                return Self { process, port };
            }
            port = self::port();
        }
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Its process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// Without any chance to say goodbye; what it held is gone.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Where it was before it was killed.
    pub fn start_again(&mut self) {
        self.process = Some(run(self.port).expect("Redis on the port it had"));
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// One that the system does not give out by itself, so that it is still free when Redis is started again.
fn port() -> u16 {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let wish = std::process::id()
        .wrapping_mul(16)
        .wrapping_add(number.wrapping_mul(4099));
    20_000 + u16::try_from(wish % 10_000).unwrap()
}

/// Ready to be asked; `None` if something else has the port.
fn run(port: u16) -> Option<Child> {
    let mut process = Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(std::env::temp_dir())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is missing; `cargo xtask test` installs it");
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    for line in lines.map_while(Result::ok) {
        if line.contains("Ready to accept connections") {
            return Some(process);
        }
    }
    process.wait().unwrap();
    None
}
