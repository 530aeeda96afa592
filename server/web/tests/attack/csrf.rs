//! Requests that other sites make in somebody's browser.

use adapters::config::Config;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use bilten::{AppState, router};
use testkit::Attack;

use super::{ORIGIN, send};

/// Every address that changes something for who has a session. A message that proves by its signature who sent it does not
/// come out of a browser, and no cookie gives it a right; `stripe` tries these.
fn addresses() -> impl Iterator<Item = &'static str> {
    include_str!("../access.txt").lines().filter_map(|line| {
        let mut words = line.strip_prefix("POST ")?.split_whitespace();
        let (path, rule) = (words.next()?, words.next()?);
        (rule != "signed").then_some(path)
    })
}

/// `Origin` and `Sec-Fetch-Site` as a browser sends them for what is not ours; old browsers send one of them or none.
const FOREIGN: [(Option<&str>, Option<&str>); 26] = [
    (None, None),
    (None, Some("cross-site")),
    (None, Some("same-site")),
    (None, Some("none")),
    (None, Some("")),
    (None, Some("same-origin, cross-site")),
    (None, Some("SAME-ORIGIN")),
    (Some("null"), None),
    (Some("null"), Some("same-origin")),
    (Some(""), None),
    (Some("https://evil.example"), None),
    (Some("https://evil.example"), Some("same-origin")),
    (Some("https://evil.example"), Some("cross-site")),
    (Some(ORIGIN), Some("cross-site")),
    (Some(ORIGIN), Some("same-site")),
    (Some(ORIGIN), Some("none")),
    (Some("http://localhost:3000.evil.example"), None),
    (Some("http://localhost:3000@evil.example"), None),
    (Some("http://localhost:3001"), None),
    (Some("http://localhost"), None),
    (Some("https://localhost:3000"), None),
    (Some("http://a.localhost:3000"), None),
    (Some("http://localhost:3000/"), None),
    (Some("http://localhost:3000, https://evil.example"), None),
    (Some("http://127.0.0.1:3000"), None),
    (Some("file://"), None),
];

/// What a form of another site can send without asking first, and what it can ask for.
const TYPES: [&str; 4] = [
    "application/x-www-form-urlencoded",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json",
];

#[tokio::test]
async fn other_sites_change_nothing() {
    let config = Config::development().unwrap();
    let services = adapters::assemble(&config).unwrap();
    let app = router(AppState::new(services, config, "no-such-folder".into(), None).unwrap());
    let mut attack = Attack::on("forms of other sites");
    let mut count = 0;
    for path in addresses() {
        let path = path.replace(['{', '}'], "");
        for (origin, site) in FOREIGN {
            for (number, content) in TYPES.iter().enumerate() {
                // All of them where it matters most; a token of some other session changes nothing.
                let token = ["a".repeat(32), "b".repeat(32)][number % 2].clone();
                let mut request = Request::post(&path)
                    .header(header::CONTENT_TYPE, *content)
                    .header(header::COOKIE, format!("bilten_session={token}"));
                if let Some(origin) = origin {
                    request = request.header(header::ORIGIN, origin);
                }
                if let Some(site) = site {
                    request = request.header("sec-fetch-site", site);
                }
                let body = Body::from(format!("csrf_token={token}&event=x\r\n"));
                let answer = send(&app, request.body(body).unwrap()).await;
                let refused =
                    answer.status == StatusCode::FORBIDDEN && answer.body.contains("\"csrf\"");
                attack.note(!refused, || {
                    format!(
                        "{path} from {origin:?} {site:?} as {content}: {} {}",
                        answer.status, answer.body
                    )
                });
                count += 1;
            }
        }
    }
    attack.end(count.max(6000));
}

/// What changes something answers to nothing but a `POST`, however it is asked.
#[tokio::test]
async fn links_change_nothing() {
    let config = Config::development().unwrap();
    let services = adapters::assemble(&config).unwrap();
    let app = router(AppState::new(services, config, "no-such-folder".into(), None).unwrap());
    let mut attack = Attack::on("links and other methods for what only a form may do");
    for path in addresses() {
        let path = path.replace(['{', '}'], "");
        let over = [
            None,
            Some("x-http-method-override"),
            Some("x-http-method"),
            Some("x-method-override"),
        ];
        for method in [
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::TRACE,
        ] {
            for over in over {
                let mut request = Request::builder()
                    .method(&method)
                    .uri(format!("{path}?_method=POST&email=x&password=y"))
                    .header(header::ORIGIN, "https://evil.example");
                if let Some(over) = over {
                    request = request.header(over, "POST");
                }
                let answer = send(&app, request.body(Body::empty()).unwrap()).await;
                let did = !answer.status.is_client_error();
                attack.note(did, || {
                    format!(
                        "{method} {path} {over:?}: {} {}",
                        answer.status, answer.body
                    )
                });
            }
        }
    }
    attack.end(1500);
}
