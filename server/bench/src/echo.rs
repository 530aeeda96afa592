//! The smallest server there can be: the same bytes for every request, from memory. What a page is held against.

use std::{io, net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::http::Answer;

pub struct Echo {
    pub address: SocketAddr,
    running: JoinHandle<()>,
}

impl Echo {
    /// Serves the answer of another server, head and body.
    pub async fn of(answer: &Answer) -> io::Result<Self> {
        let mut text = String::new();
        for line in answer.head.split("\r\n").filter(|line| !line.is_empty()) {
            let framing = ["content-length:", "transfer-encoding:"]
                .iter()
                .any(|name| line.to_ascii_lowercase().starts_with(name));
            if !framing {
                text.push_str(line);
                text.push_str("\r\n");
            }
        }
        text.push_str(&format!("content-length: {}\r\n\r\n", answer.body.len()));
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&answer.body);
        let bytes: Arc<[u8]> = bytes.into();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let running = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let bytes = Arc::clone(&bytes);
                // A visitor who leaves is no fault.
                tokio::spawn(async move { serve(stream, &bytes).await.is_ok() });
            }
        });
        Ok(Self { address, running })
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn serve(mut stream: TcpStream, bytes: &[u8]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(2048);
    loop {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
        if buffer.ends_with(b"\r\n\r\n") {
            buffer.clear();
            stream.write_all(bytes).await?;
        }
    }
}
