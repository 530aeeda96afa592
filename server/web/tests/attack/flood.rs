//! More than anybody needs, against a server of its own: connections that never say what they want, bodies and headers without
//! end, depth, bombs, streams, requests that are called off at once. Meanwhile somebody else looks at pages, and the server's memory
//! is measured.

mod server;

use std::time::{Duration, Instant};

use server::{Bounds, Flooded, Reached, answer, status_of};
use testkit::{Attack, figure, is_full, tries};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Of what an honest visitor asks meanwhile, so much is answered.
const GOODPUT: f64 = 0.7;
/// So much more memory may be in use at most, in MB.
const MORE_MEMORY: u64 = 256;
const FUNCTION: &str = "/api/app_api/accounts/sign_in";

/// What must hold after each flood.
async fn holds(attack: &mut Attack, flooded: &Flooded, bounds: Bounds, what: &'static str) {
    let (good, more) = (flooded.goodput(&bounds).await, flooded.grown(&bounds));
    figure(
        what,
        format!("{good:.2} of the honest requests answered, {more} MB more"),
    );
    attack.note(good < GOODPUT, || format!("{what}: {good:.2} answered"));
    attack.note(more > MORE_MEMORY, || format!("{what}: {more} MB more"));
    attack.note(!flooded.is_up().await, || {
        format!("{what}: the server is gone")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_say_nothing_or_stop_in_the_middle() {
    let flooded = Flooded::start(Reached::Plainly).await;
    let mut attack = Attack::on("flood: slow connections");
    let bounds = flooded.bounds();
    let many = tries(200, 5000);
    let mut slow = Vec::with_capacity(many);
    for number in 0..many {
        let mut one = flooded.connect().await;
        if number % 2 == 1 {
            // As much as is kept of a head that has no end.
            let head = format!(
                "GET / HTTP/1.1\r\nhost: localhost\r\nx-a: {}",
                "a".repeat(32 * 1024)
            );
            one.write_all(head.as_bytes()).await.unwrap();
        }
        slow.push(one);
    }
    // A sign now and then, so that the connection is never quiet for long.
    let rounds = if is_full() { 9 } else { 1 };
    for _ in 0..rounds {
        tokio::time::sleep(Duration::from_secs(5)).await;
        for one in slow.iter_mut().skip(1).step_by(2) {
            // Refused by those that were ended already.
            let _ = one.write_all(b"a").await;
        }
    }
    for (number, mut one) in slow.into_iter().enumerate() {
        let mut answer = [0; 512];
        let open = timeout(Duration::from_millis(20), one.read(&mut answer))
            .await
            .is_err();
        attack.note(is_full() && open, || {
            format!("connection {number} is kept after 45 s")
        });
    }
    holds(&mut attack, &flooded, bounds, "slow connections").await;
    attack.end(many);
}

/// A body that goes on and on, told beforehand or not. How much was sent before the server had enough.
async fn pour(flooded: &Flooded, told: bool, most: usize) -> (usize, String) {
    let mut one = flooded.connect().await;
    let length = if told {
        format!("content-length: {most}")
    } else {
        "transfer-encoding: chunked".to_owned()
    };
    let head = format!(
        "POST {FUNCTION} HTTP/1.1\r\nhost: localhost\r\norigin: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n",
        flooded.origin()
    );
    one.write_all(head.as_bytes()).await.unwrap();
    let piece = vec![b'a'; 64 * 1024];
    let mut sent = 0;
    while sent < most {
        let whole = async {
            if !told {
                one.write_all(b"10000\r\n").await?;
            }
            one.write_all(&piece).await?;
            if told {
                Ok(())
            } else {
                one.write_all(b"\r\n").await
            }
        };
        // Nobody takes it any more.
        if !matches!(timeout(Duration::from_secs(2), whole).await, Ok(Ok(()))) {
            break;
        }
        sent += piece.len();
    }
    (sent, answer(&mut one).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_without_end() {
    const GIGABYTE: usize = 1024 * 1024 * 1024;
    const TAKEN: usize = 16 * 1024 * 1024;
    let flooded = Flooded::start(Reached::Plainly).await;
    let mut attack = Attack::on("flood: bodies of a gigabyte");
    let bounds = flooded.bounds();
    let many = tries(4, 40);
    for number in 0..many {
        let (sent, answer) = pour(&flooded, number % 2 == 0, GIGABYTE).await;
        attack.note(sent > TAKEN, || {
            format!("{sent} bytes were taken: {answer}")
        });
        let status = status_of(&answer);
        let taken = status.is_some_and(|status| !(400..500).contains(&status));
        attack.note(taken, || format!("answered with {answer}"));
    }
    holds(&mut attack, &flooded, bounds, "bodies of a gigabyte").await;
    attack.end(many);
}

#[tokio::test(flavor = "multi_thread")]
async fn bombs_of_headers_depth_and_compression() {
    let flooded = Flooded::start(Reached::Plainly).await;
    let mut attack = Attack::on("flood: bombs of headers, depth and compression");
    let bounds = flooded.bounds();
    let origin = flooded.origin();
    let post = |path: &str, kind: &str, more: &str, body: &[u8]| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\norigin: {origin}\r\ncontent-type: {kind}\r\n{more}\
             content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    const FORM: &str = "application/x-www-form-urlencoded";
    const JSON: &str = "application/json";
    let get = |headers: String| {
        format!("GET / HTTP/1.1\r\nhost: localhost\r\n{headers}connection: close\r\n\r\n")
            .into_bytes()
    };
    let deep = |sign: &str, depth: usize| sign.repeat(depth);
    let zeros = server::gzip_of_zeros(if is_full() { 256 } else { 16 });
    let bombs: [(&str, Vec<u8>); 11] = [
        (
            "a header of 2 MB",
            get(format!("x-a: {}\r\n", deep("a", 2_000_000))),
        ),
        ("20,000 headers", get(deep("x-a: b\r\n", 20_000))),
        (
            "20,000 cookies",
            get(format!("cookie: {}\r\n", deep("bilten_a=b; ", 20_000))),
        ),
        (
            "an address of 1 MB",
            format!(
                "GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n",
                deep("a", 1_000_000)
            )
            .into_bytes(),
        ),
        (
            "fields in fields",
            post(
                FUNCTION,
                FORM,
                "",
                format!("email{}=x", deep("[a]", 20_000)).as_bytes(),
            ),
        ),
        (
            "30,000 fields",
            post(FUNCTION, FORM, "", deep("a=&", 30_000).as_bytes()),
        ),
        (
            "fields of one name",
            post(FUNCTION, FORM, "", deep("email=a&", 12_000).as_bytes()),
        ),
        (
            "lists in lists",
            post("/webhooks/stripe", JSON, "", deep("[", 100_000).as_bytes()),
        ),
        (
            "objects in objects",
            post(
                "/api/v1/scanner/pair",
                JSON,
                "",
                deep("{\"a\":", 20_000).as_bytes(),
            ),
        ),
        (
            "zeros, compressed",
            post(FUNCTION, FORM, "content-encoding: gzip\r\n", &zeros),
        ),
        (
            "zeros, compressed, as JSON",
            post(
                "/api/v1/scanner/pair",
                JSON,
                "content-encoding: gzip\r\n",
                &zeros,
            ),
        ),
    ];
    let rounds = tries(1, 50);
    for _ in 0..rounds {
        for (what, bomb) in &bombs {
            let mut one = flooded.connect().await;
            // The server may have enough before everything is sent.
            let _ = timeout(Duration::from_secs(10), one.write_all(bomb)).await;
            let begun = Instant::now();
            let answer = answer(&mut one).await;
            let bad = status_of(&answer).is_some_and(|status| !(400..500).contains(&status));
            attack.note(bad, || {
                format!("{what}: {}", answer.lines().next().unwrap_or_default())
            });
            let took = begun.elapsed();
            attack.note(took > Duration::from_secs(5), || {
                format!("{what}: {took:?}")
            });
        }
    }
    holds(&mut attack, &flooded, bounds, "bombs").await;
    attack.end(bombs.len() * rounds);
}

#[tokio::test(flavor = "multi_thread")]
async fn live_streams_of_one_household() {
    /// docs/limits.md
    const MOST: usize = 100;
    let flooded = Flooded::start(Reached::ThroughProxy).await;
    let mut attack = Attack::on("flood: live streams");
    let bounds = flooded.bounds();
    let many = tries(150, 3000);
    let mut open: Vec<TcpStream> = Vec::new();
    let mut streams = 0;
    for _ in 0..many {
        let mut one = flooded.connect().await;
        let ask = format!(
            "GET /live/events/{} HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\nx-forwarded-for: 203.0.113.7\r\n\r\n",
            flooded.event.id
        );
        one.write_all(ask.as_bytes()).await.unwrap();
        let mut begun = vec![0; 256];
        let read = timeout(Duration::from_secs(5), one.read(&mut begun)).await;
        let status = read.ok().and_then(Result::ok);
        let status = status.and_then(|read| status_of(&String::from_utf8_lossy(&begun[..read])));
        streams += usize::from(status == Some(200));
        attack.note(streams > MOST, || format!("stream {streams} is open"));
        open.push(one);
    }
    assert_eq!(streams, MOST, "a household has its streams");
    figure("live streams that were open", streams);
    holds(&mut attack, &flooded, bounds, "live streams").await;
    attack.end(many);
}

/// What of HTTP/2 is needed to ask and to call it off (RFC 9113, 4 and 6).
fn frame(kind: u8, flags: u8, stream: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(body);
    frame
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_called_off_at_once() {
    const ONE_CONNECTION: u32 = 2000;
    let flooded = Flooded::start(Reached::OverTls).await;
    let mut attack = Attack::on("flood: HTTP/2, requests called off at once");
    let bounds = flooded.bounds();
    let many = u32::try_from(tries(2000, 200_000)).unwrap();
    // GET https://localhost/ (RFC 7541, 6).
    let ask = [b"\x82\x87\x84\x41\x09".as_slice(), b"localhost"].concat();
    let (mut sent, mut ended) = (0, 0);
    while sent < many {
        let mut tls = flooded.connect_tls("h2").await;
        let mut whole = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        whole.extend(frame(4, 0, 0, &[]));
        for number in 0..ONE_CONNECTION {
            whole.extend(frame(1, 5, number * 2 + 1, &ask));
            whole.extend(frame(3, 0, number * 2 + 1, &8_u32.to_be_bytes()));
        }
        let given = timeout(Duration::from_secs(10), tls.write_all(&whole)).await;
        let mut answer = Vec::new();
        let read = timeout(Duration::from_secs(10), tls.read_to_end(&mut answer)).await;
        let over = !matches!(given, Ok(Ok(()))) || read.is_ok();
        ended += u32::from(over);
        attack.note(!over, || {
            "a connection that calls everything off is kept".to_owned()
        });
        sent += ONE_CONNECTION;
    }
    figure(
        "connections that called everything off and were ended",
        ended,
    );
    figure("requests that were called off", sent);
    holds(&mut attack, &flooded, bounds, "requests called off").await;
    attack.end(1);
}
