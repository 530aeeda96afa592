//! The cheapest client that speaks HTTP/1.1: one connection, one request at a time, kept alive. What the generator
//! spends is taken from what it measures, since both run on the same cores.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Longer than the server itself lets a request take.
const PATIENCE: Duration = Duration::from_secs(40);

/// What came back.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    /// Where to go on.
    pub location: Option<String>,
    /// Everything before the body, as it came.
    pub head: String,
    pub body: Vec<u8>,
    /// From the last byte sent to the first one received.
    pub first_byte: Duration,
}

impl Answer {
    /// The request did what it was for.
    pub fn is_good(&self) -> bool {
        (200..400).contains(&self.status)
    }

    /// Seconds after which to come again, where the answer says so.
    pub fn retry_after(&self) -> Option<u32> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(':'));
        let (_, seconds) = fields.find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
        seconds.trim().parse().ok()
    }

    /// The stable code of a refusal.
    pub fn code(&self) -> String {
        serde_json::from_slice::<serde_json::Value>(&self.body)
            .ok()
            .and_then(|body| body["code"].as_str().map(str::to_owned))
            .unwrap_or_else(|| format!("status {}", self.status))
    }
}

/// A client that connects when it has to.
pub struct Client {
    address: SocketAddr,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            buffer: Vec::with_capacity(16 * 1024),
        }
    }

    /// Sends and waits for the whole answer. After an error the next request gets a new connection.
    pub async fn send(&mut self, request: &[u8]) -> io::Result<Answer> {
        let outcome = timeout(PATIENCE, self.exchange(request)).await;
        let outcome = outcome.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
        if outcome.is_err() {
            self.stream = None;
        }
        outcome
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                none.insert(stream)
            }
        };
        self.buffer.clear();
        stream.write_all(request).await?;
        let sent = Instant::now();
        fill(stream, &mut self.buffer).await?;
        let first_byte = sent.elapsed();
        let end = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            fill(stream, &mut self.buffer).await?;
        };
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let kind = Head::read(&head)?;
        let body = match kind.length {
            Some(length) => {
                while self.buffer.len() < end + length {
                    fill(stream, &mut self.buffer).await?;
                }
                self.buffer[end..end + length].to_vec()
            }
            None => chunks(stream, &mut self.buffer, end).await?,
        };
        if kind.last {
            self.stream = None;
        }
        Ok(Answer {
            status: kind.status,
            location: kind.location,
            head,
            body,
            first_byte,
        })
    }
}

struct Head {
    status: u16,
    location: Option<String>,
    /// `None`: in chunks.
    length: Option<usize>,
    last: bool,
}

impl Head {
    fn read(text: &str) -> io::Result<Self> {
        let bad = || io::Error::new(io::ErrorKind::InvalidData, "not an answer");
        let mut lines = text.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok())
            .ok_or_else(bad)?;
        let mut head = Self {
            status,
            location: None,
            length: Some(0),
            last: false,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                head.length = Some(value.parse().map_err(|_| bad())?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                head.length = None;
            } else if name.eq_ignore_ascii_case("location") {
                head.location = Some(value.to_owned());
            } else if name.eq_ignore_ascii_case("connection") {
                head.last = value.eq_ignore_ascii_case("close");
            }
        }
        Ok(head)
    }
}

/// Reads a body in chunks (RFC 9112, 7.1) that begins at `from`.
async fn chunks(stream: &mut TcpStream, buffer: &mut Vec<u8>, from: usize) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let mut at = from;
    loop {
        let line = loop {
            if let Some(end) = find(&buffer[at..], b"\r\n") {
                break at + end;
            }
            fill(stream, buffer).await?;
        };
        let size = std::str::from_utf8(&buffer[at..line])
            .ok()
            .and_then(|text| usize::from_str_radix(text.split(';').next()?.trim(), 16).ok())
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "not a chunk"))?;
        let begin = line + 2;
        while buffer.len() < begin + size + 2 {
            fill(stream, buffer).await?;
        }
        if size == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&buffer[begin..begin + size]);
        at = begin + size + 2;
    }
}

async fn fill(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<()> {
    if stream.read_buf(buffer).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|part| part == what)
}

/// A visitor's request for a page.
pub fn get(address: SocketAddr, path: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/html,application/xhtml+xml\r\naccept-language: en\r\n\
         accept-encoding: gzip, deflate, br\r\nuser-agent: bench\r\n\r\n"
    )
    .into_bytes()
}

/// A form sent by a page of ours, from a person with an address of their own.
pub fn form(address: SocketAddr, path: &str, person: u64, body: &str) -> Vec<u8> {
    let [.., a, b, c] = person.to_be_bytes();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\nsec-fetch-site: same-origin\r\n\
         accept: application/json\r\naccept-language: en\r\nuser-agent: bench\r\nx-forwarded-for: 10.{a}.{b}.{c}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// What a scanner sends.
pub fn json(address: SocketAddr, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\nauthorization: Bearer {token}\r\n\
         user-agent: bench\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::Answer;

    #[test]
    fn when_to_come_again_is_read_whatever_the_case() {
        let answer = |head: &str| Answer {
            head: head.to_owned(),
            ..Answer::default()
        };
        let told = answer("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\n\r\n");
        assert_eq!(told.retry_after(), Some(7));
        let silent = answer("HTTP/1.1 503 Service Unavailable\r\ndate: x\r\n\r\n");
        assert_eq!(silent.retry_after(), None);
    }
}
