use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
};

use axum::{extract::ConnectInfo, routing::get};
use rustls::{
    ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned,
    SupportedProtocolVersion,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio::sync::oneshot;

use super::{
    files::{self, Files},
    *,
};

/// A folder with a certificate for localhost and its key, removed with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("bilten-tls-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let folder = Self(folder);
        folder.issue();
        folder
    }

    /// Puts another certificate in place of the one there is.
    fn issue(&self) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        fs::write(self.certificate(), made.cert.pem()).unwrap();
        fs::write(self.key(), made.key_pair.serialize_pem()).unwrap();
    }

    fn certificate(&self) -> PathBuf {
        self.0.join("fullchain.pem")
    }

    fn key(&self) -> PathBuf {
        self.0.join("privkey.pem")
    }

    fn files(&self) -> Files {
        Files {
            certificate: self.certificate(),
            key: self.key(),
        }
    }

    fn issued(&self) -> CertificateDer<'static> {
        CertificateDer::from_pem_file(self.certificate()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A server, stopped with the test.
struct Running {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

async fn serve(config: RustlsConfig) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let who = async |ConnectInfo(client): ConnectInfo<SocketAddr>| client.ip().to_string();
    let app = Router::new().route("/", get(who));
    let tls = Tls {
        config,
        redirect: None,
    };
    let app = app.into_make_service_with_connect_info();
    tokio::spawn(tls.serve(listener, app, async move { drop(stopped.await) }));
    Running {
        address,
        _stop: stop,
    }
}

type Stream = StreamOwned<ClientConnection, TcpStream>;

/// A connection of somebody who trusts this certificate alone.
fn connect(
    running: &Running,
    trusted: CertificateDer<'static>,
    version: &'static SupportedProtocolVersion,
    protocol: &str,
) -> std::io::Result<Stream> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.into()];
    let mut tls = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut tcp = TcpStream::connect(running.address)?;
    tcp.set_read_timeout(Some(Duration::from_secs(5)))?;
    while tls.is_handshaking() {
        tls.complete_io(&mut tcp)?;
    }
    Ok(StreamOwned::new(tls, tcp))
}

fn ask(stream: &mut Stream) -> String {
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    let mut answer = [0; 1024];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

fn http1(running: &Running, trusted: CertificateDer<'static>) -> std::io::Result<Stream> {
    connect(running, trusted, &TLS13, "http/1.1")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_over_tls_1_2_and_1_3() {
    let folder = Folder::new("versions");
    let running = serve(files::follow(&folder.certificate(), &folder.key()).unwrap()).await;
    for (version, expected) in [
        (&TLS12, ProtocolVersion::TLSv1_2),
        (&TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let mut stream = connect(&running, folder.issued(), version, "http/1.1").unwrap();
        let answer = ask(&mut stream);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.ends_with("127.0.0.1"), "{answer}");
        assert_eq!(stream.conn.protocol_version(), Some(expected));
    }
    let stranger = Folder::new("stranger").issued();
    assert!(http1(&running, stranger).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_1_1_is_refused() {
    let folder = Folder::new("old");
    let running = serve(files::follow(&folder.certificate(), &folder.key()).unwrap()).await;
    let hello = |minor: u8| {
        // Version, random, no session, one suite of that time and one of 1.2, no compression.
        let mut body = vec![3, minor];
        body.extend([7; 32]);
        body.extend([0, 0, 4, 0xc0, 0x13, 0xc0, 0x2b, 1, 0]);
        // Groups and signatures, without which 1.2 would fail for another reason.
        body.extend([
            0, 18, 0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 6, 0, 4, 4, 3, 8, 4,
        ]);
        let length = u8::try_from(body.len()).unwrap();
        [&[22, 3, 1, 0, length + 4, 1, 0, 0, length], &body[..]].concat()
    };
    let answer = |minor: u8| {
        let mut stream = TcpStream::connect(running.address).unwrap();
        stream.write_all(&hello(minor)).unwrap();
        let mut record = [0; 7];
        stream.read_exact(&mut record).unwrap();
        (record[0], record[6])
    };
    let (handshake, alert, protocol_version) = (22, 21, 70);
    assert_eq!(answer(3).0, handshake);
    assert_eq!(answer(2), (alert, protocol_version));
    assert_eq!(answer(1), (alert, protocol_version));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_can_speaks_http_2() {
    let folder = Folder::new("http2");
    let running = serve(files::follow(&folder.certificate(), &folder.key()).unwrap()).await;
    let mut stream = connect(&running, folder.issued(), &TLS13, "h2").unwrap();
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"h2"[..]));
    let empty_settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .unwrap();
    stream.write_all(&empty_settings).unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).unwrap();
    let settings = 4;
    assert_eq!(frame[3], settings);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_taken_and_open_connections_go_on() {
    let folder = Folder::new("renewed");
    let files = folder.files();
    let mut last = files.read().unwrap();
    let config = RustlsConfig::from_config(files.config(&last).unwrap());
    let running = serve(config.clone()).await;
    let old = folder.issued();
    let mut open = http1(&running, old.clone()).unwrap();
    ask(&mut open);
    assert!(!files.refresh(&mut last, &config).unwrap());

    // Half of it written: the old one stays.
    let key = fs::read(folder.key()).unwrap();
    folder.issue();
    let new_key = fs::read(folder.key()).unwrap();
    fs::write(folder.key(), key).unwrap();
    let fault = files.refresh(&mut last, &config).unwrap_err();
    assert_eq!(fault.setting, "tls.key");
    assert!(http1(&running, old.clone()).is_ok());

    fs::write(folder.key(), new_key).unwrap();
    assert!(files.refresh(&mut last, &config).unwrap());
    assert!(ask(&mut open).starts_with("HTTP/1.1 200"));
    assert!(ask(&mut http1(&running, folder.issued()).unwrap()).starts_with("HTTP/1.1 200"));
    assert!(http1(&running, old).is_err());
}

#[test]
fn what_is_wrong_with_the_files_is_said_by_name() {
    let folder = Folder::new("wrong");
    let fault = |certificate: &Path, key: &Path| {
        let files = Files {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
        };
        let fault = files
            .read()
            .and_then(|contents| files.config(&contents).map(drop));
        fault.unwrap_err().to_string()
    };
    let (certificate, key, nowhere) = (
        folder.certificate(),
        folder.key(),
        folder.0.join("none.pem"),
    );
    let other = Folder::new("other");
    for (fault, setting, path, problem) in [
        (
            fault(&nowhere, &key),
            "tls.certificate",
            &nowhere,
            "cannot be read: No such file",
        ),
        (
            fault(&certificate, &nowhere),
            "tls.key",
            &nowhere,
            "cannot be read: No such file",
        ),
        (
            fault(&key, &key),
            "tls.certificate",
            &key,
            "holds no certificate",
        ),
        (
            fault(&certificate, &certificate),
            "tls.key",
            &certificate,
            "holds no private key",
        ),
        (
            fault(&certificate, &other.key()),
            "tls.key",
            &other.key(),
            "is not the key of",
        ),
    ] {
        let start = format!("{setting} ({}): {problem}", path.display());
        assert!(fault.starts_with(&start), "{fault}");
    }
    fs::write(
        &certificate,
        "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
    )
    .unwrap();
    assert!(fault(&certificate, &key).starts_with("tls.certificate"));
}

#[tokio::test]
async fn plain_http_is_sent_to_the_same_page_over_https() {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt as _;
    let redirect = redirect::to("https://tickets.example".to_owned());
    for (asked, page) in [
        ("/", "/"),
        ("/events/demo?page=2", "/events/demo?page=2"),
        ("http://evil.example/x", "/x"),
        ("//evil.example", "//evil.example"),
        ("*", "/"),
    ] {
        let request = Request::post(asked)
            .header("host", "evil.example")
            .body(Body::empty());
        let answer = redirect.clone().oneshot(request.unwrap()).await.unwrap();
        assert_eq!(answer.status(), 308);
        let expected = format!("https://tickets.example{page}");
        assert_eq!(answer.headers()["location"], expected.as_str(), "{asked}");
    }
    for program in ["/api/v1/scanner/scans", "/webhooks/stripe"] {
        let request = Request::post(program).body(Body::empty()).unwrap();
        let answer = redirect.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 403, "{program}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_lets_running_requests_finish_and_ends_both() {
    let folder = Folder::new("stop");
    let config = files::follow(&folder.certificate(), &folder.key()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (begun, has_begun) = oneshot::channel::<()>();
    let begun = Arc::new(std::sync::Mutex::new(Some(begun)));
    let slow = async move || {
        drop(begun.lock().unwrap().take());
        tokio::time::sleep(Duration::from_millis(300)).await;
        "done"
    };
    let tls = Tls {
        config,
        redirect: Some(("127.0.0.1:0".parse().unwrap(), "https://x".to_owned())),
    };
    let app = Router::new()
        .route("/", get(slow))
        .into_make_service_with_connect_info();
    let serving = tokio::spawn(tls.serve(listener, app, async move { drop(stopped.await) }));
    let running = Running {
        address,
        _stop: stop,
    };
    let mut stream = http1(&running, folder.issued()).unwrap();
    let asking = tokio::task::spawn_blocking(move || ask(&mut stream));
    let _ = has_begun.await;
    drop(running);
    assert!(asking.await.unwrap().ends_with("done"));
    let ended = tokio::time::timeout(Duration::from_secs(2), serving);
    ended.await.unwrap().unwrap().unwrap();
}

/// Neither one who says nothing, nor one who stops in the middle of a header keeps a connection.
#[tokio::test(flavor = "multi_thread")]
async fn who_never_finishes_a_request_is_sent_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new()
        .route("/", get(async || "done"))
        .into_make_service_with_connect_info::<SocketAddr>();
    let patience = Duration::from_millis(200);
    tokio::spawn(patient(listener, &Control::new(), patience).serve(app));
    let left = async |said: &'static str| {
        tokio::task::spawn_blocking(move || {
            let mut tcp = TcpStream::connect(address).unwrap();
            tcp.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            tcp.write_all(said.as_bytes()).unwrap();
            let mut rest = String::new();
            // An end, or a connection that was reset; five seconds without either are a failure.
            match tcp.read_to_string(&mut rest) {
                Ok(_) => rest,
                Err(error) => error.kind().to_string(),
            }
        })
        .await
        .unwrap()
    };
    let whole = left("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    assert!(whole.ends_with("done"), "{whole}");
    for said in ["", "GET / HTTP/1.1\r\nhost: a\r\nx-slow: "] {
        let end = left(said).await;
        assert!(
            end.is_empty() || end.starts_with("HTTP/1.1 408") || end == "connection reset",
            "{said:?}: {end}"
        );
    }
}

/// A handshake of a client that may speak with these hosts only.
fn named(
    running: &Running,
    trusted: CertificateDer<'static>,
    hosts: &[&str],
) -> std::io::Result<()> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted).unwrap();
    let config = super::named::client(hosts.iter().copied(), roots).unwrap();
    let mut tls = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let mut tcp = TcpStream::connect(running.address)?;
    tcp.set_read_timeout(Some(Duration::from_secs(5)))?;
    while tls.is_handshaking() {
        tls.complete_io(&mut tcp)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_can_send_us_to_no_host_that_the_settings_do_not_name() {
    let folder = Folder::new("named");
    let running = serve(files::follow(&folder.certificate(), &folder.key()).unwrap()).await;
    named(&running, folder.issued(), &["other.example", "LOCALHOST"]).unwrap();
    for hosts in [&["acme.example"][..], &["localhost.acme.example"], &[]] {
        let error = named(&running, folder.issued(), hosts).unwrap_err();
        assert!(
            error.to_string().contains("not in tls.acme_hosts"),
            "{error}"
        );
    }
}
