//! A server in a process of its own, an honest visitor who looks at a page again and again, and what both come to.

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use testkit::{Event, World};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// An honest visitor does not wait longer.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(100);

/// How people reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    Plainly,
    OverTls,
    /// Which says whose address it is; without one, all are this machine, whose streams nobody counts.
    ThroughProxy,
}

/// The server, ended with the test.
pub struct Flooded {
    process: Child,
    port: u16,
    folder: PathBuf,
    reached: Reached,
    /// One for each honest request: when it ended, and whether it was answered.
    honest: Arc<Mutex<Vec<(Instant, bool)>>>,
    visitor: JoinHandle<()>,
    /// An event that anybody may follow.
    pub event: Event,
    _w: World,
}

/// How things were before a flood.
pub struct Bounds {
    begun: Instant,
    memory: u64,
}

impl Flooded {
    pub async fn start(reached: Reached) -> Self {
        let w = World::new().await;
        let event = w
            .event("Evening")
            .ticket_type("Seat", 1500, 50)
            .published()
            .await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder =
            std::env::temp_dir().join(format!("bilten-flood-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_bilten"));
        command
            .arg("serve")
            .env("DATABASE_URL", w.database_url())
            .env("BILTEN_SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("BILTEN_MAIL__FOLDER", folder.join("mail"))
            .env("BILTEN_FILES__FOLDER", folder.join("files"))
            .env("BILTEN_WORKER__INSIDE", "false")
            .env("BILTEN_LOG__FILTER", "error");
        if reached == Reached::ThroughProxy {
            command.env("BILTEN_SERVER__BEHIND_PROXY", "true");
        }
        if reached == Reached::OverTls {
            let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
            fs::write(folder.join("chain.pem"), made.cert.pem()).unwrap();
            fs::write(folder.join("key.pem"), made.key_pair.serialize_pem()).unwrap();
            command
                .env(
                    "BILTEN_SERVER__PUBLIC_URL",
                    format!("https://localhost:{port}"),
                )
                .env("BILTEN_TLS__KIND", "files")
                .env("BILTEN_TLS__CERTIFICATE", folder.join("chain.pem"))
                .env("BILTEN_TLS__KEY", folder.join("key.pem"));
        }
        let process = command.stdout(Stdio::null()).spawn().unwrap();
        let honest = Arc::new(Mutex::new(Vec::new()));
        let mut flooded = Self {
            process,
            port,
            folder,
            reached,
            honest: Arc::clone(&honest),
            visitor: tokio::spawn(async {}),
            event,
            _w: w,
        };
        let begun = Instant::now();
        while !flooded.is_up().await {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "the server does not start"
            );
            tokio::time::sleep(PAUSE).await;
        }
        let way = flooded.way();
        flooded.visitor = tokio::spawn(async move {
            loop {
                let good = timeout(PATIENCE, way.look()).await == Ok(Some(200));
                honest.lock().unwrap().push((Instant::now(), good));
                tokio::time::sleep(PAUSE).await;
            }
        });
        flooded
    }

    pub fn origin(&self) -> String {
        let tls = self.reached == Reached::OverTls;
        let scheme = if tls { "https" } else { "http" };
        format!("{scheme}://localhost:{}", self.port)
    }

    pub async fn connect(&self) -> TcpStream {
        self.way().connect("127.0.0.1").await.unwrap()
    }

    pub async fn connect_tls(&self, protocol: &str) -> TlsStream<TcpStream> {
        self.way().connect_tls("127.0.0.1", protocol).await.unwrap()
    }

    pub async fn is_up(&self) -> bool {
        timeout(PATIENCE, self.way().look()).await == Ok(Some(200))
    }

    pub fn bounds(&self) -> Bounds {
        Bounds {
            begun: Instant::now(),
            memory: self.memory(),
        }
    }

    /// Of what the honest visitor asked since then, which part was answered. Waits until there was something.
    pub async fn goodput(&self, bounds: &Bounds) -> f64 {
        for _ in 0..100 {
            if let Some(part) = self.answered(bounds) {
                return part;
            }
            tokio::time::sleep(PAUSE).await;
        }
        0.0
    }

    fn answered(&self, bounds: &Bounds) -> Option<f64> {
        let honest = self.honest.lock().unwrap();
        let since = honest.iter().filter(|(ended, _)| *ended >= bounds.begun);
        let (mut all, mut good) = (0_u32, 0_u32);
        for (_, answered) in since {
            all += 1;
            good += u32::from(*answered);
        }
        (all > 0).then(|| f64::from(good) / f64::from(all))
    }

    /// How much more memory it has had at once than before, in MB.
    pub fn grown(&self, bounds: &Bounds) -> u64 {
        self.memory().saturating_sub(bounds.memory)
    }

    /// The most it has had so far, in MB.
    fn memory(&self) -> u64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) / 1024
    }

    fn way(&self) -> Way {
        Way {
            port: self.port,
            certificate: (self.reached == Reached::OverTls).then(|| self.folder.join("chain.pem")),
        }
    }
}

impl Drop for Flooded {
    fn drop(&mut self) {
        self.visitor.abort();
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// How the server is reached.
struct Way {
    port: u16,
    certificate: Option<PathBuf>,
}

impl Way {
    async fn connect(&self, from: &str) -> std::io::Result<TcpStream> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(format!("{from}:0").parse().unwrap())?;
        socket.connect(([127, 0, 0, 1], self.port).into()).await
    }

    async fn connect_tls(
        &self,
        from: &str,
        protocol: &str,
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        let certificate = self.certificate.as_ref().unwrap();
        roots
            .add(CertificateDer::from_pem_file(certificate).unwrap())
            .unwrap();
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let name = ServerName::try_from("localhost").unwrap();
        let tcp = self.connect(from).await?;
        TlsConnector::from(Arc::new(config))
            .connect(name, tcp)
            .await
    }

    /// The status of a page, asked by somebody else than whoever floods.
    async fn look(&self) -> Option<u16> {
        const HONEST: &str = "127.0.0.2";
        const ASK: &[u8] = b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\nconnection: close\r\n\r\n";
        let mut whole = Vec::new();
        if self.certificate.is_some() {
            let mut tls = self.connect_tls(HONEST, "http/1.1").await.ok()?;
            tls.write_all(ASK).await.ok()?;
            // How the connection ends is no matter here.
            let _ = tls.read_to_end(&mut whole).await;
        } else {
            let mut tcp = self.connect(HONEST).await.ok()?;
            tcp.write_all(ASK).await.ok()?;
            tcp.read_to_end(&mut whole).await.ok()?;
        }
        status_of(&String::from_utf8_lossy(&whole))
    }
}

/// What came back on a connection, as far as it came within ten seconds.
pub async fn answer(one: &mut TcpStream) -> String {
    let mut whole = vec![0; 2048];
    let read = timeout(Duration::from_secs(10), one.read(&mut whole)).await;
    let read = read.ok().and_then(Result::ok).unwrap_or(0);
    String::from_utf8_lossy(&whole[..read]).into_owned()
}

/// `None`: the connection was ended without a word.
pub fn status_of(answer: &str) -> Option<u16> {
    answer.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()
}

/// So many MB of zeros, in a thousandth of that.
pub fn gzip_of_zeros(megabytes: usize) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..megabytes {
        packed.write_all(&zeros).unwrap();
    }
    packed.finish().unwrap()
}
