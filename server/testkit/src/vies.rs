//! A register of VAT ids that speaks as the Commission's does, on a port of this machine.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What it says of an id.
#[derive(Debug, Clone, Copy)]
pub enum ViesSays {
    Valid,
    Invalid,
    /// A failure as REST tells it: status 200, `actionSucceed: false`.
    Fault(&'static str),
    /// A failure within an answer.
    UserError(&'static str),
    /// Whatever a gateway in between may say.
    Raw(u16, &'static str),
    /// To somewhere else.
    Redirect,
    /// Takes the question and says nothing.
    Slow,
    /// An answer without an end.
    Endless,
    /// Hangs up in the middle.
    HangUp,
}

#[derive(Default)]
struct State {
    says: BTreeMap<String, ViesSays>,
    asked: Vec<String>,
}

pub struct ViesServer {
    port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl ViesServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::<Mutex<State>>::default();
        let of_task = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&of_task)));
            }
        });
        Self { port, state, task }
    }

    /// Where it is asked.
    pub fn url(&self) -> String {
        format!(
            "http://127.0.0.1:{}/taxation_customs/vies/rest-api",
            self.port
        )
    }

    /// From now on it says this of an id; of others that there are none.
    pub fn says(&self, id: &str, says: ViesSays) {
        self.state.lock().unwrap().says.insert(id.to_owned(), says);
    }

    /// The questions so far.
    pub fn asked(&self) -> Vec<String> {
        self.state.lock().unwrap().asked.clone()
    }
}

impl Drop for ViesServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let Some((path, body)) = question(&mut stream).await else {
        return;
    };
    if path != "POST /taxation_customs/vies/rest-api/check-vat-number HTTP/1.1" {
        return write(&mut stream, 404, "", "{}").await;
    }
    let Ok(asked) = serde_json::from_str::<serde_json::Value>(&body) else {
        return write(&mut stream, 400, "", "{}").await;
    };
    let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    let (country, number) = (text("countryCode"), text("vatNumber"));
    let says = {
        let mut state = state.lock().unwrap();
        state.asked.push(asked.to_string());
        let says = state.says.get(&format!("{country}{number}"));
        says.copied().unwrap_or(ViesSays::Invalid)
    };
    let answer = |valid: bool, error: &str| {
        let identifier = if asked["requesterNumber"].is_string() {
            "WAPIAAAA000001"
        } else {
            ""
        };
        serde_json::json!({
            "countryCode": country, "vatNumber": number, "requestDate": "2026-03-02T09:00:00.000Z", "valid": valid,
            "requestIdentifier": identifier, "name": "---", "address": "---", "userError": error,
        })
        .to_string()
    };
    match says {
        ViesSays::Valid => write(&mut stream, 200, "", &answer(true, "VALID")).await,
        ViesSays::Invalid => write(&mut stream, 200, "", &answer(false, "INVALID")).await,
        ViesSays::UserError(code) => write(&mut stream, 200, "", &answer(false, code)).await,
        ViesSays::Fault(code) => {
            let fault =
                serde_json::json!({ "actionSucceed": false, "errorWrappers": [{ "error": code }] });
            write(&mut stream, 200, "", &fault.to_string()).await;
        }
        ViesSays::Raw(status, body) => write(&mut stream, status, "", body).await,
        ViesSays::Redirect => write(&mut stream, 302, "location: /elsewhere\r\n", "").await,
        ViesSays::Slow => tokio::time::sleep(Duration::from_secs(60)).await,
        ViesSays::Endless => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n")
                .await;
            while stream.write_all(&[b' '; 65_536]).await.is_ok() {}
        }
        ViesSays::HangUp => {
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"valid\":")
                .await;
        }
    }
}

/// The first line of a request, and its body.
async fn question(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut read = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let n = stream.read(&mut piece).await.ok().filter(|n| *n > 0)?;
        read.extend_from_slice(&piece[..n]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, length)| length.trim().parse::<usize>().ok())
            .unwrap_or(0);
        if body.len() >= length {
            return Some((head.lines().next()?.to_owned(), body.to_owned()));
        }
    }
}

async fn write(stream: &mut TcpStream, status: u16, head: &str, body: &str) {
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n{head}\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}
