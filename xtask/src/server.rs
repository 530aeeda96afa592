//! The server as a process beside the tests.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use crate::Result;

const START_WITHIN: Duration = Duration::from_secs(60);

/// A port that is free now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The server, stopped when this goes away.
pub struct Server(Child);

impl Server {
    pub fn start(mut command: Command, port: u16, log: &Path) -> Result<Self> {
        let file = fs::File::create(log)?;
        let mut server = Self(command.stdout(file.try_clone()?).stderr(file).spawn()?);
        let start = Instant::now();
        while start.elapsed() < START_WITHIN {
            if let Some(status) = server.0.try_wait()? {
                return Err(
                    format!("the server ended ({status}):\n{}", fs::read_to_string(log)?).into(),
                );
            }
            if is_ready(port) {
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Err(format!(
            "the server was not ready in time:\n{}",
            fs::read_to_string(log)?
        )
        .into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
