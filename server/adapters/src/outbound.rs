//! The one way out: every request goes through here, to hosts that the settings name and to no other, so that nobody's
//! answer can make us ask somebody else, or reach what only this machine can see.
//!
//! Names are resolved once, by the resolver that also judges the answer, so there is no second look-up that could say
//! something else. Redirects are not followed, proxies of the environment not used.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Client, Request,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use url::{Host, Url};

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(15);
/// Nothing that is asked for is larger.
const LARGEST: usize = 1024 * 1024;

/// Why a request was not made, or came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    #[error("{0} is not an address that is asked: its host is not in the settings, or lies inside")]
    Forbidden(String),
    #[error("the answer is larger than {LARGEST} bytes")]
    TooLarge,
    #[error(transparent)]
    Failed(#[from] reqwest::Error),
}

/// A client for one purpose.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client,
    /// The hosts that are asked, in lower case.
    hosts: Vec<String>,
    /// One of them that may lie in a private network, and may be asked without https.
    trusted: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: Option<String>,
    pub body: Vec<u8>,
}

impl Outbound {
    /// Asks `hosts` and `trusted`, all of which the operator's own settings name. Only `trusted` may lie inside.
    pub fn new<'h>(
        hosts: impl IntoIterator<Item = &'h str>,
        trusted: Option<&str>,
    ) -> Result<Self, OutboundError> {
        let trusted = trusted.map(str::to_lowercase);
        let hosts = hosts.into_iter().map(str::to_lowercase);
        let hosts = hosts.chain(trusted.clone()).collect();
        let resolver = PublicOnly {
            trusted: trusted.clone(),
        };
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .no_proxy()
            .dns_resolver(Arc::new(resolver))
            .user_agent("Bilten")
            .build()?;
        Ok(Self {
            client,
            hosts,
            trusted,
        })
    }

    /// Sends one request and reads the whole answer.
    pub async fn send(&self, request: Request) -> Result<Answer, OutboundError> {
        self.judge(request.url())?;
        let mut response = self.client.execute(request).await?;
        let status = response.status().as_u16();
        let content_type = response
            .headers()
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await? {
            if body.len() + piece.len() > LARGEST {
                return Err(OutboundError::TooLarge);
            }
            body.extend_from_slice(&piece);
        }
        Ok(Answer {
            status,
            content_type,
            body,
        })
    }

    /// What can be told from the address alone. Numbers in every spelling are addresses by now: the parser has read them.
    fn judge(&self, url: &Url) -> Result<(), OutboundError> {
        let forbidden = || Err(OutboundError::Forbidden(url.to_string()));
        let Some(host) = url.host_str().map(str::to_lowercase) else {
            return forbidden();
        };
        let is_trusted = self.trusted.as_deref() == Some(host.as_str());
        if is_trusted && matches!(url.scheme(), "http" | "https") {
            return Ok(());
        }
        if url.scheme() != "https" || !self.hosts.contains(&host) {
            return forbidden();
        }
        match url.host() {
            Some(Host::Ipv4(address)) if !is_public(IpAddr::V4(address)) => forbidden(),
            Some(Host::Ipv6(address)) if !is_public(IpAddr::V6(address)) => forbidden(),
            Some(_) => Ok(()),
            None => forbidden(),
        }
    }
}

/// Resolves names to public addresses only.
#[derive(Debug)]
struct PublicOnly {
    trusted: Option<String>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_lowercase();
        let is_trusted = self.trusted.as_deref() == Some(host.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((host.as_str(), 0)).await?;
            let good: Vec<SocketAddr> = found
                .filter(|address| is_trusted || is_public(address.ip()))
                .collect();
            if good.is_empty() {
                return Err(OutboundError::Forbidden(host).into());
            }
            Ok(Box::new(good.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is one of the open internet, by the registries of special purposes (RFC 6890 and its followers).
/// Addresses that carry another one inside are judged by that.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = a == 0
        || a == 10
        || a == 127
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 192 && b == 168)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113);
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let inside = |high: u16, low: u16| {
        let ([w, x], [y, z]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(w, x, y, z))
    };
    match (a, b) {
        // NAT64.
        (0x64, 0xff9b) if [c, d, e, f] == [0, 0, 0, 0] => inside(g, h),
        // 6to4.
        (0x2002, _) => inside(b, c),
        // Teredo, benchmarks, ORCHID, documentation.
        (0x2001, 0 | 2 | 0xdb8) => false,
        (0x2001, 0x10..=0x2f) => false,
        (0x3fff, 0..=0xfff) => false,
        // Only this eighth is given out; loopback, mapped, local and multicast addresses lie outside of it.
        _ => (0x2000..=0x3fff).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Spellings that have fooled others. None may be asked; none is even resolved.
    #[tokio::test]
    async fn no_spelling_reaches_what_is_inside() {
        let hosts = [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "0177.0.0.1",
            "017700000001",
            "127.0.0.1.",
            "127.255.255.254",
            "127.000.000.001",
            "0x7f.0x0.0x0.0x1",
            "0177.0.0.01",
            "%31%32%37.0.0.1",
            "１２７.０.０.１",
            "①②⑦.⓪.⓪.①",
            "127。0。0。1",
            "0.0.0.0",
            "0",
            "0x0",
            "10.0.0.1",
            "10.255.255.255",
            "0xa000001",
            "012.0.0.1",
            "167772161",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "0xa9fea9fe",
            "2852039166",
            "0251.0376.0251.0376",
            "169.254.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "172.16.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "192.168.1",
            "3232235521",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "4294967295",
            "[::]",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:169.254.169.254]",
            "[::ffff:8.8.8.8]",
            "[::ffff:0:127.0.0.1]",
            "[::ffff:192.168.0.1]",
            "[::127.0.0.1]",
            "[::7f00:1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[64:ff9b::a9fe:a9fe]",
            "[64:ff9b:1::1]",
            "[100::1]",
            "[2001::1]",
            "[2001:2::1]",
            "[2001:10::1]",
            "[2001:20::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[2002:a00:1::]",
            "[2002:a9fe:a9fe::]",
            "[2002:c0a8:1::]",
            "[3fff::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[5f00::1]",
        ];
        let begun = std::time::Instant::now();
        let mut tried = 0;
        for host in hosts {
            for address in [
                format!("https://{host}/"),
                format!("https://{host}:6379/x?y=1"),
                format!("https://user:secret@{host}/"),
                format!("http://{host}/"),
            ] {
                let Ok(url) = Url::parse(&address) else {
                    continue;
                };
                // Not even where the settings name it among the hosts.
                let out = Outbound::new(url.host_str(), None).unwrap();
                let sent = out.send(Request::new(reqwest::Method::GET, url)).await;
                assert!(
                    matches!(sent, Err(OutboundError::Forbidden(_))),
                    "{address}: {sent:?}"
                );
                tried += 1;
            }
        }
        let took = begun.elapsed().as_secs_f64();
        // As `testkit::Attack` says it, for `cargo xtask attack`.
        println!("attack: addresses of what is inside tried={tried} accepted=0 took={took:.1}");
        assert!(tried >= 320, "only {tried} tried");
    }

    #[tokio::test]
    async fn a_name_for_what_is_inside_is_not_followed() {
        let out = Outbound::new(["localhost"], None).unwrap();
        for address in ["https://localhost/", "https://LOCALHOST:1/"] {
            let url = Url::parse(address).unwrap();
            let sent = out.send(Request::new(reqwest::Method::GET, url)).await;
            let Err(OutboundError::Failed(error)) = sent else {
                panic!("{address}: {sent:?}");
            };
            assert!(error.is_connect(), "{error:?}");
            let causes =
                std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source());
            assert!(
                causes
                    .map(ToString::to_string)
                    .any(|text| text.contains("not an address that is asked")),
                "{error:?}"
            );
        }
    }

    #[test]
    fn other_schemes_and_hosts_that_nobody_named_are_not_asked() {
        let out = Outbound::new(["example.com", "8.8.8.8"], Some("id.example")).unwrap();
        for address in [
            "http://example.com/",
            "file:///etc/passwd",
            "ftp://example.com/",
            "gopher://example.com/",
            "file://id.example/x",
            "http://id.example.evil.example/",
            "http://id.example@evil.example/",
            "https://evil.example/",
            "https://www.example.com/",
            "https://example.com.evil.example/",
            "https://[2a00:1450::1]/",
        ] {
            assert!(
                out.judge(&Url::parse(address).unwrap()).is_err(),
                "{address}"
            );
        }
        for address in [
            "https://example.com/",
            "https://8.8.8.8/",
            "http://id.example/",
            "https://ID.example:444/",
        ] {
            assert!(
                out.judge(&Url::parse(address).unwrap()).is_ok(),
                "{address}"
            );
        }
    }
}
