//! Where log lines go and what they look like.

use std::io::{self, IsTerminal, Write};

use adapters::config::{Log, LogFormat};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

/// Starts logging to standard error.
pub fn start(log: &Log) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let filter = EnvFilter::try_new(&log.filter)?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(|| OneLine(io::stderr()));
    let registry = tracing_subscriber::registry().with(filter);
    match log.format {
        LogFormat::Text => registry.with(lines).try_init()?,
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init()?,
    }
    Ok(())
}

/// Each event stays one line, whatever somebody sent and a part of the program repeats. An event is written at once.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let (line, end) = match event.split_last() {
            Some((b'\n', line)) => (line, true),
            _ => (event, false),
        };
        if !line.iter().any(|byte| breaks(*byte)) {
            return self.0.write_all(event).map(|()| event.len());
        }
        let mut one = Vec::with_capacity(event.len() + 16);
        for byte in line {
            match byte {
                b'\n' => one.extend(b"\\n"),
                byte if breaks(*byte) => one.push(b' '),
                byte => one.push(*byte),
            }
        }
        one.extend(end.then_some(b'\n'));
        self.0.write_all(&one).map(|()| event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn breaks(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_writes_a_line_of_their_own() {
        let mut written = Vec::new();
        let mut lines = OneLine(&mut written);
        lines
            .write_all(b"INFO unknown variant: x\r\nINFO a session began\n")
            .unwrap();
        lines.write_all("plain, žćš\n".as_bytes()).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert_eq!(
            written,
            "INFO unknown variant: x \\nINFO a session began\nplain, žćš\n"
        );
    }
}
