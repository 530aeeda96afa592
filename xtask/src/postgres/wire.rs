//! Just enough of PostgreSQL's protocol to create databases and apply migrations: plain queries over
//! TCP with a password. It spares this program a database library, and the machine `psql`.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use crate::Result;

pub struct Connection {
    stream: TcpStream,
}

struct Address<'a> {
    user: &'a str,
    password: &'a str,
    host: &'a str,
    database: &'a str,
}

impl Connection {
    pub fn open(url: &str) -> Result<Self> {
        let address = parse(url)
            .ok_or("DATABASE_URL needs the form postgres://user:password@host:port/name")?;
        let host = if address.host.contains(':') {
            address.host.to_owned()
        } else {
            format!("{}:5432", address.host)
        };
        let mut connection = Self {
            stream: TcpStream::connect(&host)
                .map_err(|error| format!("cannot reach PostgreSQL on {host}: {error}"))?,
        };
        let mut body = 196_608_u32.to_be_bytes().to_vec();
        for part in ["user", address.user, "database", address.database, ""] {
            body.extend(part.as_bytes());
            body.push(0);
        }
        connection.send(None, &body)?;
        connection.sign_in(address.password)?;
        Ok(connection)
    }

    /// Runs one or several statements; several are one transaction. Returns each row's first column.
    pub fn query(&mut self, sql: &str) -> Result<Vec<String>> {
        let mut body = sql.as_bytes().to_vec();
        body.push(0);
        self.send(Some(b'Q'), &body)?;
        let mut rows = Vec::new();
        let mut failure = None;
        loop {
            let (kind, body) = self.receive()?;
            match kind {
                b'D' => rows.push(first_column(&body).unwrap_or_default()),
                b'E' => failure = Some(error_text(&body)),
                b'Z' => break,
                _ => {}
            }
        }
        failure.map_or(Ok(rows), |text| Err(text.into()))
    }

    fn sign_in(&mut self, password: &str) -> Result {
        loop {
            let (kind, body) = self.receive()?;
            match (kind, body.get(..4)) {
                (b'R', Some([0, 0, 0, 0])) | (b'S' | b'K' | b'N', _) => {}
                (b'R', Some([0, 0, 0, 3])) => {
                    let mut body = password.as_bytes().to_vec();
                    body.push(0);
                    self.send(Some(b'p'), &body)?;
                }
                (b'R', _) => {
                    return Err("this PostgreSQL asks for a kind of sign-in that is not supported here; unset DATABASE_URL to use a private one".into());
                }
                (b'E', _) => return Err(error_text(&body).into()),
                (b'Z', _) => return Ok(()),
                _ => return Err("PostgreSQL answered something unknown".into()),
            }
        }
    }

    fn send(&mut self, kind: Option<u8>, body: &[u8]) -> Result {
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend(u32::try_from(body.len() + 4)?.to_be_bytes());
        message.extend(body);
        Ok(self.stream.write_all(&message)?)
    }

    fn receive(&mut self) -> Result<(u8, Vec<u8>)> {
        let mut head = [0_u8; 5];
        self.stream.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(u32::from_be_bytes(length))?
            .checked_sub(4)
            .ok_or("PostgreSQL sent a broken message")?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((kind, body))
    }
}

fn parse(url: &str) -> Option<Address<'_>> {
    let rest = url
        .strip_prefix("postgres://")
        .or_else(|| url.strip_prefix("postgresql://"))?;
    let (place, database) = rest.split_once('/')?;
    let (who, host) = place.rsplit_once('@')?;
    let (user, password) = who.split_once(':').unwrap_or((who, ""));
    Some(Address {
        user,
        password,
        host,
        database: database.split('?').next()?,
    })
}

fn first_column(body: &[u8]) -> Option<String> {
    let length = i32::from_be_bytes(body.get(2..6)?.try_into().ok()?);
    let end = 6_usize.checked_add(usize::try_from(length).ok()?)?;
    Some(String::from_utf8_lossy(body.get(6..end)?).into_owned())
}

/// Message, and where it says so the detail and the place.
fn error_text(body: &[u8]) -> String {
    body.split(|byte| *byte == 0)
        .filter_map(|field| field.split_first())
        .filter(|(kind, _)| matches!(kind, b'M' | b'D' | b'H' | b'W'))
        .map(|(_, text)| String::from_utf8_lossy(text).into_owned())
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let address =
            parse("postgres://bilten:se:cret@127.0.0.1:5533/bilten?sslmode=disable").unwrap();
        assert_eq!(
            (
                address.user,
                address.password,
                address.host,
                address.database
            ),
            ("bilten", "se:cret", "127.0.0.1:5533", "bilten")
        );
        assert!(parse("mysql://x@y/z").is_none());
    }

    #[test]
    fn errors_are_shown_with_their_detail() {
        assert_eq!(
            error_text(b"SERROR\0C42601\0Msyntax error\0Dnear x\0\0"),
            "syntax error; near x"
        );
    }
}
